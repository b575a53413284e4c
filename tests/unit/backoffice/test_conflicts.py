"""Two editors on one story: the second is told, sees both, and decides. Nothing that anyone typed is lost."""

import re
from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from backoffice.models import Correction, Story
from backoffice.publishing import publish_due
from tests.support.backoffice_admin import address, story_form
from tests.support.factories import CorrectionFactory, EditorFactory, StoryFactory, TagFactory


@pytest.fixture
def story(db):
    return StoryFactory(headline="First", standfirst="Old standfirst", published_at=datetime(2026, 1, 1, tzinfo=UTC))


@pytest.fixture
def colleague(db):
    client = Client()
    client.user = EditorFactory()
    client.force_login(client.user)
    return client


def opened(client, story, **changes):
    """Return the form as `client` sees it now, with `changes`."""
    page = client.get(address("change", story.pk)).content.decode()
    version = re.search('name="version" value="([^"]+)"', page)[1]
    return story_form(Story.objects.get(pk=story.pk), version=version, **changes)


def save(client, story, form):
    return client.post(address("change", story.pk), form)


def test_one_editor_may_save_again_and_again(editor, story):
    for headline in ("Second", "Third"):
        assert save(editor, story, opened(editor, story, headline=headline)).status_code == 302
    assert Story.objects.get().headline == "Third"


def test_the_second_save_is_stopped_and_shows_both(editor, colleague, story):
    tag = TagFactory(name="Storms")
    mine = opened(editor, story, body="My long text.")
    theirs = opened(
        colleague, story, headline="Theirs", standfirst="Their standfirst", tags=[tag.pk], body="Their text."
    )
    assert save(colleague, story, theirs).status_code == 302
    response = save(editor, story, mine)
    page = response.content.decode()
    assert response.status_code == 200
    assert f"{colleague.user} saved this story at " in page
    shown = page.partition('class="conflict"')[2].partition("</section>")[0]
    for saved in ("Theirs", "Their standfirst", "Storms", "Their text."):
        assert saved in shown
    assert "My long text." in page
    assert "My long text." not in shown
    kept = Story.objects.get()
    assert (kept.headline, kept.body) == ("Theirs", "Their text.")


def test_who_has_seen_both_may_save(editor, colleague, story):
    mine = opened(editor, story, headline="Mine")
    save(colleague, story, opened(colleague, story, headline="Theirs"))
    page = save(editor, story, mine).content.decode()
    mine["version"] = re.search('name="version" value="([^"]+)"', page)[1]
    assert save(editor, story, mine).status_code == 302
    assert Story.objects.get().headline == "Mine"


def test_a_third_save_in_between_is_another_conflict(editor, colleague, story):
    mine = opened(editor, story, headline="Mine")
    save(colleague, story, opened(colleague, story, headline="Theirs"))
    page = save(editor, story, mine).content.decode()
    mine["version"] = re.search('name="version" value="([^"]+)"', page)[1]
    save(colleague, story, opened(colleague, story, headline="Theirs again"))
    assert "Theirs again" in save(editor, story, mine).content.decode()
    assert Story.objects.get().headline == "Theirs again"


def test_where_both_agree_there_is_no_conflict(editor, colleague, story):
    mine = opened(editor, story, headline="The same", corrections=["It was 2–2."])
    save(colleague, story, opened(colleague, story, headline="The same"))
    assert save(editor, story, mine).status_code == 302
    assert Correction.objects.count() == 1


def test_a_publication_in_between_is_a_conflict_and_is_not_undone(editor, story):
    Story.objects.update(status="scheduled", published_at=timezone.now())
    mine = opened(editor, story, headline="Mine", _publish="Publish now")
    publish_due()
    page = save(editor, story, mine).content.decode()
    assert "This story was changed at " in page
    assert "Published</textarea>" in page
    assert Story.objects.get().status == "published"


def test_a_version_that_is_none_is_an_older_one(editor, story):
    for version in ("x", "2026", "\x1b" * 300, "2026-01-01T00:00:00+00:00"):
        assert save(editor, story, story_form(story, headline="Mine", version=version)).status_code == 200
    assert Story.objects.get().headline == "First"


def test_a_script_that_knows_no_version_saves(editor, story):
    assert save(editor, story, story_form(story, headline="A script's")).status_code == 302


def test_the_text_for_a_deleted_story_is_kept(editor, story):
    mine = opened(editor, story, body="A long text.")
    story.delete()
    response = save(editor, story, mine)
    assert response.status_code == 409
    assert "This story is gone" in response.content.decode()
    assert "A long text.</textarea>" in response.content.decode()
    assert editor.post(address("delete", story.pk), {"post": "yes"}).status_code == 302  # as before


def test_the_text_is_kept_where_a_colleague_deleted_a_correction(editor, story):
    correction = CorrectionFactory(story=story)
    form = opened(editor, story, headline="Mine", corrections=["It was 2–2."])
    form |= {"corrections-INITIAL_FORMS": 1, "corrections-0-id": correction.pk}
    correction.delete()
    response = save(editor, story, form)
    assert response.status_code == 409
    for kept in ("Mine", "It was 2–2."):
        assert f"{kept}</textarea>" in response.content.decode()


@pytest.mark.parametrize("wrong", [{"headline": ""}, {"slug": "a b"}, {}])
def test_save_as_new_with_an_error_is_an_error_of_the_form(editor, story, wrong):
    response = save(editor, story, opened(editor, story, _saveasnew="Save as new", **wrong))
    assert response.status_code == 200
    assert response.context["errors"]  # the last one: the slug is taken
    assert Story.objects.count() == 1
