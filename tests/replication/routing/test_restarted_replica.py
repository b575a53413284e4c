"""A replica that crashed may be further back than it was: what was known of it is not trusted any more."""

import pytest
from django.db import connections
from django.test import Client

from routing.wal import last_known

databases = ["default", "replica1", "replica2"]
pytestmark = [
    pytest.mark.urls("tests.support.routing_urls"),
    pytest.mark.django_db(transaction=True, databases=databases),
]


@pytest.fixture
def crash(cluster):
    """A function that lets replica1 crash and come back with less than it had replayed: it replays an hour late."""
    node = cluster.node("replica1")
    cluster.primary.ask("CHECKPOINT")
    cluster.wait_until_replayed("replica1")
    node.ask("CHECKPOINT")  # this much it keeps

    def crash():
        cluster.lag("replica1", 3600)
        node.programs.run("pg_ctl", "stop", "--pgdata", node.data, "--mode=immediate", "--silent")
        node.start()

    yield crash
    cluster.lag("replica1", 0)
    connections["replica1"].close()


@pytest.fixture
def browser(replay_paused, cluster, crash):
    """A browser that wrote, and is known to be served by replica1 only."""
    browser = Client()
    with replay_paused("replica2"):
        browser.post("/write/", {"name": "mine"})
        cluster.wait_until_replayed("replica1")
        assert browser.get("/names/").json() == {"names": ["mine"], "alias": "replica1"}
        yield browser


def a_request_starts():
    """What Django does at the start of each; its test client does not. From here on, health checks may reconnect."""
    for connection in connections.all(initialized_only=True):
        connection.close_if_unusable_or_obsolete()


def test_a_browser_is_not_served_by_a_replica_that_lost_what_it_had(browser, crash):
    known = last_known("replica1")
    crash()
    assert last_known("replica1") == known  # nobody has noticed
    a_request_starts()
    assert browser.get("/names/").json() == {"names": ["mine"], "alias": "default"}


crashes = []


def crash_after_the_page(get_response):
    def call(request):
        response = get_response(request)
        while crashes:
            crashes.pop()()
            connections["replica1"].close()  # as code does that catches the error and tries again
        return response

    return call


@pytest.mark.parametrize("pages", [0, 1, 2])
def test_a_bookmark_never_moves_back(pages, browser, crash, settings):
    for _ in range(pages):
        browser.get("/names/")
    settings.MIDDLEWARE = [settings.MIDDLEWARE[0], f"{__name__}.crash_after_the_page", *settings.MIDDLEWARE[1:]]
    browser = again(browser)
    crashes.append(crash)
    assert browser.get("/names/").json() == {"names": ["mine"], "alias": "replica1"}
    assert browser.get("/names/").json() == {"names": ["mine"], "alias": "default"}


def again(browser):
    """The same browser; a new one would be needed for its middleware to be loaded."""
    new = Client()
    new.cookies = browser.cookies
    return new
