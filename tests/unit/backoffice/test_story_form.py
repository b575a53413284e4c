"""The story's form: its status and its publish time agree, and its buttons do what they say."""

import datetime

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from backoffice.models import Story
from tests.support.backoffice_admin import address, at, story_form
from tests.support.factories import SectionFactory, StoryFactory, TagFactory

HOUR = datetime.timedelta(hours=1)


def save(editor, story, **changes):
    """Return the errors of the form, or None where it was saved."""
    response = editor.post(address("change", story.pk), story_form(story, **changes))
    if response.status_code == 200:
        return str(response.context["errors"])
    assert response.status_code == 302
    story.refresh_from_db()
    return None


def test_a_new_story_is_a_draft_and_its_html_is_made(editor):
    response = editor.post(address("add"), story_form(section=SectionFactory(), body="It was **late**."))
    assert response.status_code == 302
    story = Story.objects.get()
    assert story.status == Story.Status.DRAFT
    assert story.body_html == "<p>It was <strong>late</strong>.</p>\n"
    assert story.guid is None


def test_two_stories_without_a_guid_are_no_conflict(editor):
    section = SectionFactory()
    for slug in ("one", "two"):
        assert editor.post(address("add"), story_form(section=section, slug=slug)).status_code == 302
    assert Story.objects.count() == 2


def test_a_scheduled_story_needs_a_time_in_the_future(editor):
    story = StoryFactory(draft=True)
    assert "needs a time in the future" in save(editor, story, status="scheduled")
    assert save(editor, story, status="scheduled", **at(timezone.now() + HOUR)) is None
    assert story.status == Story.Status.SCHEDULED


def test_a_published_story_needs_a_time_that_has_come(editor):
    story = StoryFactory()
    assert "schedule it instead" in save(editor, story, **at(timezone.now() + HOUR))
    assert save(editor, story, **at(timezone.now() - HOUR)) is None


def test_a_draft_that_becomes_published_is_published_now(editor):
    story = StoryFactory(draft=True, published_at=timezone.now() - 72 * HOUR)
    assert save(editor, story, status="published") is None
    assert timezone.now() - story.published_at < HOUR


def test_a_draft_can_be_published_with_a_time_of_its_own(editor):
    story, time = StoryFactory(draft=True), timezone.now().replace(microsecond=0) - 48 * HOUR
    assert save(editor, story, status="published", **at(time)) is None
    assert story.published_at == time


def test_an_edit_of_a_published_story_keeps_its_time(editor):
    story = StoryFactory(published_at=timezone.now().replace(microsecond=0) - HOUR)
    time = story.published_at
    assert save(editor, story, headline="Corrected") is None
    assert (story.headline, story.published_at) == ("Corrected", time)


def test_a_scheduled_story_that_is_overdue_can_still_be_edited(editor):
    story = StoryFactory(scheduled=True, published_at=timezone.now() - HOUR)
    assert save(editor, story, headline="Corrected") is None
    assert story.headline == "Corrected"


@pytest.mark.parametrize("trait", ["draft", "scheduled"])
def test_publish_now_publishes_now(editor, trait):
    story = StoryFactory(**{trait: True})
    assert b'name="_publish"' in editor.get(address("change", story.pk)).content
    assert save(editor, story, _publish="Publish now", headline="Out now") is None
    assert (story.headline, story.status) == ("Out now", Story.Status.PUBLISHED)
    assert abs(timezone.now() - story.published_at) < HOUR


def test_a_published_story_has_no_publish_button(editor):
    assert b'name="_publish"' not in editor.get(address("change", StoryFactory().pk)).content


def test_corrections_and_tags_are_saved_with_the_story(editor):
    story, tag = StoryFactory(), TagFactory()
    assert save(editor, story, corrections=["It was 2–2."], tags=[tag.pk]) is None
    assert [correction.text for correction in story.corrections.all()] == ["It was 2–2."]
    assert list(story.tags.all()) == [tag]


def test_a_slug_that_is_taken_is_an_error_of_the_form(editor):
    story, other = StoryFactory(draft=True), StoryFactory()
    assert "already exists" in save(editor, story, slug=other.slug)


def test_history_names_who_changed_what(editor):
    story = StoryFactory()
    save(editor, story, headline="Changed")
    entry = LogEntry.objects.get()
    assert (entry.user, entry.get_change_message()) == (editor.user, "Changed Headline.")
    page = editor.get(address("history", story.pk)).content.decode()
    assert editor.user.username in page
    assert "Changed Headline." in page


def test_only_a_published_story_can_be_viewed_on_the_site(editor):
    published, draft = StoryFactory(), StoryFactory(draft=True)
    assert (
        f'href="{published.get_absolute_url()}?bookmark='
        in editor.get(address("change", published.pk)).content.decode()
    )
    assert draft.get_absolute_url() not in editor.get(address("change", draft.pk)).content.decode()
