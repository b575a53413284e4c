"""The list of stories: finding one, and publishing several."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.utils import timezone

from backoffice.models import Story
from tests.support.backoffice_admin import address
from tests.support.factories import AuthorFactory, SectionFactory, StoryFactory, SuperuserFactory


def listed(editor, **query):
    response = editor.get(address("changelist"), query)
    assert response.status_code == 200
    return set(response.context["cl"].result_list)


def act(editor, action, *stories):
    data = {"action": action, "_selected_action": [story.pk for story in stories]}
    response = editor.post(address("changelist"), data, follow=True)
    return [str(message) for message in response.context["messages"]]


@pytest.mark.parametrize(
    "words", ["bridge", "Bridg", "brid plan", "bridges", "the-old-bridge", "source-7", "  bridge "]
)
def test_a_story_is_found_by_words_their_beginnings_slug_or_guid(editor, words):
    story = StoryFactory(headline="Bridge closed", slug="the-old-bridge", body="A *plan* fails.", guid="source-7")
    StoryFactory(headline="Ferry delayed", body="A plan works.")
    assert listed(editor, q=words) == {story}


@pytest.mark.parametrize("words", ["!!", "a & | b ' \\ (", "x" * 10_000, "\x00", "🦆", "%", "bridge:*", "''"])
def test_any_search_is_answered(editor, words):
    StoryFactory()
    listed(editor, q=words)


def test_without_a_search_everything_is_listed(editor):
    stories = {StoryFactory(), StoryFactory(draft=True), StoryFactory(scheduled=True)}
    assert listed(editor) == stories
    assert listed(editor, q=" ") == stories
    assert {story.status for story in listed(editor, status__exact="draft")} == {"draft"}


def test_a_long_list_costs_as_many_queries_as_a_short_one(editor, django_assert_max_num_queries):
    section, author = SectionFactory(), AuthorFactory()
    StoryFactory.create_batch(3, section=section, author=author)
    listed(editor)
    StoryFactory.create_batch(40)
    with django_assert_max_num_queries(11):
        listed(editor)


def test_publish_says_how_many_and_leaves_history(editor):
    draft, scheduled, published = StoryFactory(draft=True), StoryFactory(scheduled=True), StoryFactory()
    time = published.published_at
    assert act(editor, "publish_stories", draft, scheduled, published) == ["2 stories were published."]
    for story in (draft, scheduled, published):
        story.refresh_from_db()
        assert story.status == Story.Status.PUBLISHED
        assert story.published_at <= timezone.now()
    assert published.published_at == time
    entries = LogEntry.objects.order_by("object_id")
    assert {entry.object_id for entry in entries} == {str(draft.pk), str(scheduled.pk)}
    assert {entry.get_change_message() for entry in entries} == {"Published by an action."}


def test_unpublish_makes_drafts(editor):
    story = StoryFactory()
    assert act(editor, "unpublish_stories", story) == ["1 story was unpublished."]
    assert not Story.objects.published().exists()
    assert act(editor, "unpublish_stories", story) == ["No stories were unpublished."]
    assert LogEntry.objects.count() == 1


def test_who_may_only_look_can_look_and_not_act(editor):
    editor.user.groups.clear()
    editor.user.user_permissions.add(Permission.objects.get(codename="view_story"))
    story = StoryFactory(draft=True)
    act(editor, "publish_stories", story)
    story.refresh_from_db()
    assert story.status == Story.Status.DRAFT
    assert editor.get(address("change", story.pk)).status_code == 200
    assert editor.post(address("change", story.pk), {}).status_code == 403


@pytest.mark.parametrize("model", ["section", "author", "tag", "story"])
def test_every_list_and_form_opens(client, db, model):
    client.force_login(SuperuserFactory())
    StoryFactory()
    assert client.get(f"/admin/backoffice/{model}/").status_code == 200
    assert client.get(f"/admin/backoffice/{model}/add/").status_code == 200
    assert client.get(f"/admin/backoffice/{model}/?q=x").status_code == 200


def test_sections_say_how_many_stories_are_published(client, db):
    client.force_login(SuperuserFactory())
    section = SectionFactory()
    StoryFactory.create_batch(2, section=section)
    StoryFactory(section=section, draft=True)
    link = f"?section__id__exact={section.pk}&amp;status__exact=published"
    page = client.get("/admin/backoffice/section/").content.decode()
    assert f'<a href="{address("changelist")}{link}">2</a>' in page


def test_an_editor_may_not_change_sections(editor):
    section = SectionFactory()
    assert editor.get("/admin/backoffice/section/").status_code == 200
    assert editor.post(f"/admin/backoffice/section/{section.pk}/change/", {"name": "x"}).status_code == 403
    assert editor.get("/admin/backoffice/section/add/").status_code == 403
    assert editor.get("/admin/auth/user/").status_code == 403
