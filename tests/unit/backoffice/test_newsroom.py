"""The newsroom's first pages: what is on the desk, and whether the primary answers."""

import pytest
from django.db import connections
from django.test import Client

from backoffice.markdown import render_markdown
from tests.support.factories import EditorFactory, StoryFactory

pytestmark = pytest.mark.django_db(databases=["default", "replica1", "replica2"])


@pytest.fixture
def editor(client):
    client.force_login(EditorFactory())
    return client


def desk(page):
    return page.partition('class="desk"')[2].partition('id="content-main"')[0]


def test_drafts_and_scheduled_stories_stand_on_the_first_page(editor):
    for number in range(10):
        StoryFactory(headline=f"Draft {number}.", draft=True)
    StoryFactory(headline="To come <b>", scheduled=True)
    StoryFactory(headline="Printed", slug="printed")
    page = desk(editor.get("/admin/").content.decode())
    assert "Draft 9." in page
    assert "Draft 2." in page
    assert "Draft 1." not in page  # the list has the older ones
    assert "?status__exact=draft" in page
    assert "To come &lt;b&gt;" in page
    assert "Printed" not in page


def test_an_empty_desk_says_so(editor):
    page = desk(editor.get("/admin/").content.decode())
    assert "No drafts." in page
    assert "Nothing is waiting" in page


def test_who_may_not_see_stories_sees_no_desk(editor):
    staff = EditorFactory()
    staff.groups.clear()
    editor.force_login(staff)
    StoryFactory(headline="Secret draft", draft=True)
    assert "Secret draft" not in editor.get("/admin/").content.decode()


def test_the_login_page_says_nothing_of_a_primary_that_answers(client):
    assert "does not answer" not in client.get("/admin/login/").content.decode()


@pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])
def test_the_login_page_comes_without_the_primary_and_says_so(monkeypatch):
    connection = connections["default"]
    connection.close()
    for key, value in {"HOST": "127.0.0.1", "PORT": "1"}.items():
        monkeypatch.setitem(connection.settings_dict, key, value)
    response = Client().get("/admin/login/")
    connection.close()
    assert response.status_code == 200
    assert "The primary database does not answer" in response.content.decode()
    assert "Password" in response.content.decode()


def test_a_tables_columns_are_aligned_without_a_style():
    html = render_markdown("| a | b | c |\n|---|--:|:-:|\n| 1 | 2 | 3 |\n")
    assert "style" not in html
    assert '<td class="right">2</td>' in html
    assert '<th class="center">c</th>' in html
