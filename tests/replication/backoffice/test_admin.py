"""Everything that is done in the admin reads what it wrote, while both replicas stand still."""

import datetime
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from backoffice.models import Story
from routing.pytest_plugin import count_queries
from tests.support.backoffice_admin import address, at, story_form
from tests.support.factories import (
    PASSWORD,
    CorrectionFactory,
    EditorFactory,
    SectionFactory,
    StoryFactory,
    SuperuserFactory,
    TagFactory,
)

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])


@pytest.fixture
def story(wait_until_replayed):
    """A story that the replicas have, as it is before the test changes it."""
    story = StoryFactory(headline="First edition", slug="the-story")
    wait_until_replayed()
    assert Story.objects.using("replica2").get().headline == "First edition"
    return story


def save(client, page, data):
    """Send a form as a browser does, and return the page that it leads to."""
    response = client.post(page, data, follow=True)
    assert response.redirect_chain, str(response.context["errors"])
    assert response.status_code == 200
    return response.content.decode()


def test_a_new_story_is_in_the_list_the_form_and_the_history(editor, story, paused):
    page = save(editor, address("add"), story_form(section=story.section, headline="Late news", slug="late-news"))
    assert "was added successfully" in page
    new = Story.objects.get(slug="late-news")
    assert address("change", new.pk) in page
    assert "Late news" in editor.get(address("change", new.pk)).content.decode()
    assert "Added." in editor.get(address("history", new.pk)).content.decode()
    assert "Late news" in editor.get("/admin/").content.decode()  # "recent actions"
    assert not Story.objects.using("replica1").filter(pk=new.pk).exists()


def test_with_the_wrong_router_a_new_story_is_not_there(editor, story, paused, wrong_router):
    editor.post(address("add"), story_form(section=story.section, headline="Late news", slug="late-news"))
    wrong_router()
    assert list(editor.get(address("changelist")).context["cl"].result_list) == [story]


def test_a_change_is_in_the_form_the_list_and_the_search(editor, story, paused):
    data = story_form(story, headline="Second edition", _continue="1")
    assert 'value="Second edition"' in save(editor, address("change", story.pk), data)
    assert "Second edition" in editor.get(address("changelist"), {"q": "second"}).content.decode()
    assert "Changed Headline." in editor.get(address("history", story.pk)).content.decode()
    assert Story.objects.using("replica1").get().headline == "First edition"


def test_a_deleted_story_is_gone(editor, story, paused):
    page = save(editor, address("delete", story.pk), {"post": "yes"})
    assert "was deleted successfully" in page
    assert address("change", story.pk) not in page
    assert editor.get(address("change", story.pk)).status_code == 302  # to the index: it does not exist
    assert Story.objects.using("replica1").exists()


@pytest.mark.parametrize(("action", "status"), [("publish_stories", "published"), ("unpublish_stories", "draft")])
def test_an_action_shows_in_the_list(editor, wait_until_replayed, replay_paused, action, status):
    stories = [StoryFactory(draft=status == "published") for _ in range(3)]
    wait_until_replayed()
    with replay_paused("replica1", "replica2"):
        data = {"action": action, "_selected_action": [each.pk for each in stories]}
        page = save(editor, address("changelist"), data)
        assert "3 stories were " in page
        assert page.count(f'class="status {status}"') == 3
        assert LogEntry.objects.count() == 3


def test_deleting_by_action_shows_in_the_list(editor, story, paused):
    data = {"action": "delete_selected", "_selected_action": [story.pk], "post": "yes"}
    assert (
        "First edition"
        not in save(editor, address("changelist"), data).partition("messagelist")[2].partition("</ul>")[2]
    )


def test_corrections_are_added_changed_and_deleted_beside_the_story(editor, story, paused):
    page = save(editor, address("change", story.pk), story_form(story, corrections=["It was 2–2."], _continue="1"))
    assert "It was 2–2." in page
    correction = story.corrections.get()
    data = story_form(story, corrections=["It was 3–3."], _continue="1")
    data |= {"corrections-INITIAL_FORMS": 1, "corrections-0-id": correction.pk}
    assert "It was 3–3." in save(editor, address("change", story.pk), data)
    assert "It was 3–3." not in save(editor, address("change", story.pk), data | {"corrections-0-DELETE": "on"})


def test_a_correction_made_before_the_pause_can_be_changed(editor, story, wait_until_replayed, replay_paused):
    correction = CorrectionFactory(story=story)
    wait_until_replayed()
    with replay_paused("replica1", "replica2"):
        data = story_form(story, corrections=["It was 4–4."], _continue="1")
        data |= {"corrections-INITIAL_FORMS": 1, "corrections-0-id": correction.pk}
        assert "It was 4–4." in save(editor, address("change", story.pk), data)


def test_a_new_tag_and_section_can_be_chosen_at_once(story, paused):
    admin = Client()
    admin.force_login(SuperuserFactory())
    save(admin, "/admin/backoffice/section/add/", {"name": "Weather", "slug": "weather", "position": 5})
    save(admin, "/admin/backoffice/tag/add/", {"name": "Storms", "slug": "storms"})
    form = admin.get(address("change", story.pk)).content.decode()
    tag = int(re.search(r'<option value="(\d+)">Storms', form)[1])
    section = type(story.section).objects.get(slug="weather")
    save(admin, address("change", story.pk), story_form(story, section=section, tags=[tag]))
    story.refresh_from_db()
    assert story.section == section
    assert [tag.name for tag in story.tags.all()] == ["Storms"]


def test_a_slug_taken_a_moment_ago_is_an_error_of_the_form(editor, story, paused):
    data = story_form(section=story.section, slug="just-now")
    save(editor, address("add"), data)
    response = editor.post(address("add"), data)
    assert response.status_code == 200
    assert "already exists" in str(response.context["errors"])


def test_a_story_scheduled_and_published_shows_each_status(editor, story, paused):
    time = timezone.now() + datetime.timedelta(hours=1)
    save(editor, address("change", story.pk), story_form(story, status="scheduled", **at(time)))
    assert 'class="status scheduled"' in editor.get(address("changelist")).content.decode()
    save(editor, address("change", story.pk), story_form(story, _publish="Publish now"))
    assert 'class="status published"' in editor.get(address("changelist")).content.decode()


def test_a_preview_shows_the_draft_as_it_was_just_saved(editor, story, paused):
    save(editor, address("change", story.pk), story_form(story, status="draft", headline="Second edition"))
    assert "Second edition" in editor.get(address("preview", story.pk)).content.decode()


def test_a_login_holds_and_a_logout_too(story, paused):
    client = Client()
    user = EditorFactory()
    page = save(client, "/admin/login/?next=/admin/", {"username": user.username, "password": PASSWORD})
    assert "What is in the paper" in page
    assert client.get(address("changelist")).status_code == 200
    client.post("/admin/logout/")
    assert client.get("/admin/").status_code == 302


def test_a_changed_password_holds(editor, paused):
    data = {"old_password": PASSWORD, "new_password1": "another-Pa55word", "new_password2": "another-Pa55word"}
    assert "Password change successful" in save(editor, "/admin/password_change/", data)
    assert editor.get("/admin/").status_code == 200  # still logged in
    for password, works in ((PASSWORD, False), ("another-Pa55word", True)):
        assert Client().login(username=editor.user.username, password=password) is works


def test_a_user_and_a_permission_given_a_moment_ago_count(story, paused):
    admin = Client()
    admin.force_login(SuperuserFactory())
    data = {"username": "new", "usable_password": "true", "password1": "a-Pa55word-new", "password2": "a-Pa55word-new"}
    page = save(admin, "/admin/auth/user/add/", data)
    assert "was added successfully" in page
    client = Client()
    assert client.login(username="new", password="a-Pa55word-new")
    assert client.get("/admin/").status_code == 302  # not yet of the staff


def test_tags_of_a_story_read_what_was_written(editor, story, paused):
    tags = [TagFactory(), TagFactory()]
    save(editor, address("change", story.pk), story_form(story, tags=[tag.pk for tag in tags]))
    page = editor.get(address("change", story.pk)).content.decode()
    assert all(f'value="{tag.pk}" selected' in page for tag in tags)


def test_a_section_filter_knows_a_new_section(editor, story, paused):
    section = SectionFactory(name="Brand new")
    assert "Brand new" in editor.get(address("changelist")).content.decode()
    StoryFactory(section=section, headline="Its first story")
    assert "Its first story" in editor.get(address("changelist"), {"section__id__exact": section.pk}).content.decode()


def test_a_save_costs_one_statement_more_than_without_routing(editor, story, settings):
    data = story_form(story, headline="Second edition")
    editor.post(address("change", story.pk), data)  # what is asked once, such as content types, is known now
    with count_queries() as ours:
        editor.post(address("change", story.pk), data | {"headline": "Third edition"})
    settings.MIDDLEWARE = settings.MIDDLEWARE[1:]
    plain = Client()
    plain.cookies = editor.cookies
    with count_queries() as none:
        plain.post(address("change", story.pk), data | {"headline": "Fourth edition"})
    assert Story.objects.get().headline == "Fourth edition"
    assert ours["default"] == none["default"] + 1
    assert sum(ours.values()) == sum(none.values()) + 1
