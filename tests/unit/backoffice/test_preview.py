"""A draft as readers will see it: for the staff only, and nowhere on the public site."""

import pytest
from django.contrib.auth.models import Permission

from backoffice.models import Story
from tests.support.backoffice_admin import address, story_form
from tests.support.factories import SectionFactory, StoryFactory, TagFactory


@pytest.mark.parametrize("trait", [{"draft": True}, {"scheduled": True}, {}])
def test_an_editor_sees_the_story(editor, trait):
    story = StoryFactory(**trait, headline="Not yet in the paper", body="It was **late**.")
    response = editor.get(address("preview", story.pk))
    assert response.status_code == 200
    assert "Not yet in the paper" in response.content.decode()
    assert "<strong>late</strong>" in response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"
    assert "no-store" in response["Cache-Control"]
    assert "readers do not see it" in response.content.decode() or not trait


def test_the_form_leads_to_it(editor):
    for page, target in (
        (address("change", (story := StoryFactory(draft=True)).pk), address("preview", story.pk)),
        (address("add"), address("preview_new")),
    ):
        assert f'formaction="{target}" formtarget="_blank"' in editor.get(page).content.decode()


def test_who_may_only_look_sees_what_is_saved(editor):
    story = StoryFactory()
    editor.user.groups.clear()
    editor.user.user_permissions.add(Permission.objects.get(codename="view_story"))
    assert f'href="{address("preview", story.pk)}"' in editor.get(address("change", story.pk)).content.decode()
    assert editor.get(address("preview", story.pk)).status_code == 200
    assert editor.post(address("preview", story.pk), story_form(story)).status_code == 403
    assert editor.post(address("preview_new"), story_form(story)).status_code == 403


def test_it_shows_what_is_typed_and_saves_nothing(editor):
    story, tag = StoryFactory(headline="Saved", body="Saved."), TagFactory()
    before = Story.objects.values().get()
    form = story_form(
        story, headline="Typed", body="*Typed.*", tags=[tag.pk], corrections=["It was 2–2."], version="an older one"
    )
    page = editor.post(address("preview", story.pk), form).content.decode()
    for typed in ("<h1>Typed</h1>", "<em>Typed.</em>", f"<li>{tag.name}</li>", "It was 2–2."):
        assert typed in page
    assert "Saved" not in page
    assert Story.objects.values().get() == before
    assert not story.corrections.exists()
    assert not story.tags.exists()


def test_a_story_that_is_not_saved_yet_has_one(editor):
    form = story_form(section=SectionFactory(), headline="Not saved", status="scheduled")  # in the past: no matter
    page = editor.post(address("preview_new"), form).content.decode()
    assert "<h1>Not saved</h1>" in page
    assert not Story.objects.exists()
    assert editor.get(address("preview_new")).status_code == 403  # there is nothing to show


def test_it_says_what_has_to_be_typed_first(editor):
    response = editor.post(address("preview_new"), story_form(section=SectionFactory(), headline=""))
    assert response.status_code == 400
    assert "Headline: This field is required." in response.content.decode()


def test_others_do_not(client, editor):
    address_of_draft = address("preview", StoryFactory(draft=True).pk)
    editor.user.groups.clear()
    assert editor.get(address_of_draft).status_code == 403
    editor.logout()
    response = editor.get(address_of_draft)
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_a_story_that_is_not_there_is_404(editor):
    assert editor.get(address("preview", 12345)).status_code == 404
