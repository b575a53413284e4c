"""A draft as readers will see it: for the staff only, and nowhere on the public site."""

import pytest

from tests.backoffice_admin import address
from tests.factories import StoryFactory


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


def test_the_form_links_to_it(editor):
    story = StoryFactory(draft=True)
    assert f'href="{address("preview", story.pk)}"' in editor.get(address("change", story.pk)).content.decode()


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
