"""The debug toolbar's panel shows where each statement of a page ran, and why. EXPLAIN is off here."""

import re
from html import unescape

import pytest
from django.contrib.auth import get_user_model
from django.db import connections
from django.test import Client

from routing.bookmarks import bookmark
from routing.bookmarks.bookmark import Bookmark
from routing.observing import record_of
from routing.position import Position
from routing.statements import watch_statement
from tests.support.factories import StoryFactory

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])
TOOLBAR = "debug_toolbar.middleware.DebugToolbarMiddleware"


@pytest.fixture
def toolbar(settings):
    """The toolbar with our panel alone, rendered into the page."""
    settings.ROUTING = {**settings.ROUTING, "EXPLAIN": False}
    settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "debug_toolbar"]
    settings.MIDDLEWARE = [settings.MIDDLEWARE[0], TOOLBAR, *settings.MIDDLEWARE[1:]]
    settings.ROOT_URLCONF = "tests.support.toolbar_urls"
    settings.DEBUG_TOOLBAR_PANELS = ["routing.observing.panel.RoutingPanel"]
    settings.DEBUG_TOOLBAR_CONFIG = {"SHOW_TOOLBAR_CALLBACK": lambda request: True, "RENDER_PANELS": True}


@pytest.fixture
def story(wait_until_replayed):
    story = StoryFactory(status="published")
    wait_until_replayed()
    return story


def panel(client, path):
    """The panel's rows, (database, rule, reason), and its text."""
    html = client.get(path).content.decode()
    content = html[html.index('id="RoutingPanel"') :]
    rows = re.findall(r"<tr>\s*<td>(.*?)</td>\s*<td>(.*?)</td>\s*<td>(.*?)</td>", content)
    return rows, unescape(re.sub(r"<[^>]+>", "", content))


@pytest.mark.usefixtures("toolbar")
def test_the_panel_shows_the_databases_of_a_readers_page(story, in_a_new_thread):
    rows, text = in_a_new_thread(lambda: panel(Client(), story.get_absolute_url()))
    (alias,) = {row[0] for row in rows}
    assert rows == [(alias, "10", "public path")] * len(rows)
    assert alias in {"replica1", "replica2"}
    assert 'FROM "backoffice_story"' in text
    assert "Bookmark: none" in text


@pytest.mark.usefixtures("toolbar")
def test_the_panel_shows_what_a_login_needs_from_the_primary(story):
    client = Client()
    client.force_login(get_user_model().objects.create_user("reader"))
    rows, _ = panel(client, "/admin/login/")
    assert ("default", "3", "pinned model") in rows


@pytest.mark.usefixtures("toolbar")
def test_the_panel_shows_the_bookmark_and_the_wait(story, replay_paused):
    with replay_paused("replica1", "replica2"):
        StoryFactory(status="published")
        position = bookmark()
        rows, text = panel(Client(), f"/?bookmark={Bookmark(Position.parse(position)).sign()}")
    assert ("default", "9", "bookmark") in rows
    assert f"Bookmark: {position}; " in text
    assert "ms to find a replica for it" in text


@pytest.mark.usefixtures("toolbar")
def test_without_the_routing_middleware_above_it_the_panel_says_so(settings, story):
    settings.MIDDLEWARE = [TOOLBAR, *(each for each in settings.MIDDLEWARE if each != TOOLBAR)]
    assert "not routed" in Client().get("/").content.decode()


def test_without_the_panel_nothing_is_recorded(settings, story, in_a_new_thread):
    settings.ROUTING = {**settings.ROUTING, "EXPLAIN": False}

    def read():
        record = record_of(Client().get("/").wsgi_request.routing)
        return record.statements, connections["replica1"].execute_wrappers + connections["replica2"].execute_wrappers

    statements, wrappers = in_a_new_thread(read)
    assert statements is None
    assert watch_statement not in wrappers
