"""Whatever ends a form, its text stands on the page that says so: in the paper's clothes, with a way back."""

import pytest
from django.test import Client

from backoffice.models import LONGEST_BODY, Story
from tests.support.backoffice_admin import address, story_form
from tests.support.factories import StoryFactory

pytestmark = pytest.mark.django_db
TEXT = 'An afternoon\'s work, with <b>signs</b> & "quotes".'
ESCAPED = "An afternoon&#x27;s work, with &lt;b&gt;signs&lt;/b&gt; &amp; &quot;quotes&quot;."


def assert_kept(response, page, title):
    html = response.content.decode()
    assert response.status_code == 403
    assert f"<h1>{title}</h1>" in html
    assert f'href="{page}"' in html
    assert f"{ESCAPED}</textarea>" in html
    assert "publicsite/paper.css" in html
    assert "no-store" in response["Cache-Control"]


@pytest.fixture
def strict():
    """A browser whose forms' tokens are checked."""
    return Client(enforce_csrf_checks=True)


@pytest.mark.parametrize("page", [("add",), ("change", 1), ("preview", 1), ("preview_new",)])
def test_a_login_that_ended_while_someone_typed(client, page):
    StoryFactory(pk=1)
    form = story_form(StoryFactory(), body=TEXT, version="")
    assert_kept(client.post(address(*page), form), address(*page), "Your login has ended")
    assert Story.objects.count() == 2


def test_a_form_older_than_the_login(strict, editor):
    strict.cookies = editor.cookies
    story = StoryFactory()
    strict.get(address("change", story.pk))
    form = story_form(story, body=TEXT, csrfmiddlewaretoken="x" * 64)
    response = strict.post(address("change", story.pk), form)
    assert_kept(response, address("change", story.pk), "We could not accept this form")


def test_without_any_cookie(strict):
    page = address("add")
    assert_kept(strict.post(page, story_form(StoryFactory(), body=TEXT)), page, "We could not accept this form")


def test_no_password_stands_on_that_page(strict):
    html = strict.post("/admin/login/", {"username": "anna", "password": "secret", "name": "Anna"}).content.decode()
    assert "We could not accept this form" in html
    assert "Anna" in html
    assert "secret" not in html


def test_a_script_without_a_login_is_sent_to_the_login_as_before(client):
    response = client.post(address("add"), story_form(StoryFactory()))
    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_more_than_a_form_may_hold_is_told_how_much_that_is(editor):
    response = editor.post(address("add"), story_form(StoryFactory(), body="x" * 3_000_000))
    assert response.status_code == 400
    assert f"A story has at most {LONGEST_BODY:,} characters" in response.content.decode()


def test_many_fields_are_refused(editor):
    response = editor.post(address("add"), {f"f{number}": "" for number in range(2000)})
    assert response.status_code == 400
