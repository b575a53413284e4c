"""Requests of one browser overlap: an answer that comes back late must not take away what a quicker one gave."""

import pytest
from django.test import Client

from routing.wal import fetch_replayed, forget_servers
from tests.support.factories import SectionFactory

databases = ["default", "replica1", "replica2"]
pytestmark = [
    pytest.mark.urls("tests.support.routing_urls"),
    pytest.mark.django_db(transaction=True, databases=databases),
]
LATE = {"X-Late": "1"}
meanwhile = []


def hold_back(get_response):
    """A slow network: what is in `meanwhile` happens before the browser has the answer to a request that is late."""

    def call(request):
        response = get_response(request)
        while request.headers.get("X-Late") and meanwhile:
            meanwhile.pop()()
        return response

    return call


@pytest.fixture
def browser(settings, cluster, wait_until_replayed):
    """A browser with a bookmark that both replicas have passed; nobody knows it of replica2."""
    settings.MIDDLEWARE = [f"{__name__}.hold_back", *settings.MIDDLEWARE]
    browser = Client()
    save(browser, "first")
    wait_until_replayed()
    forget_servers()
    fetch_replayed("replica1")
    yield browser
    cluster.resume("replica1")


def save(browser, name, **request):
    assert browser.post("/write/", {"name": name}, **request).status_code == 200


def names(browser, **request):
    return browser.get("/names/", **request).json()["names"]


def test_a_page_that_comes_back_after_a_save_leaves_the_bookmark_of_the_save(browser, replay_paused):
    SectionFactory(name="a reason to move the bookmark forward")
    with replay_paused("replica1", "replica2"):
        meanwhile.append(lambda: save(browser, "second"))
        names(browser, headers=LATE)
        assert "second" in names(browser)


def test_a_page_that_takes_the_old_bookmark_away_leaves_the_bookmark_of_a_save(browser, replay_paused):
    fetch_replayed("replica2")
    with replay_paused("replica1", "replica2"):
        meanwhile.append(lambda: save(browser, "second"))
        names(browser, headers=LATE)
        assert "second" in names(browser)


def test_of_two_saves_at_once_both_are_seen_whichever_comes_back_last(browser, cluster, replay_paused):
    def save_once_the_other_is_replayed():
        cluster.wait_until_replayed("replica1")
        cluster.pause("replica1")
        save(browser, "third")

    with replay_paused("replica2"):
        meanwhile.append(save_once_the_other_is_replayed)
        save(browser, "second", headers=LATE)
        assert {"second", "third"} <= {*names(browser)}


def test_of_two_pages_at_once_the_next_is_older_than_neither(browser, cluster, replay_paused):
    save(browser, "second")

    def see_what_somebody_else_writes():
        cluster.wait_until_replayed("replica1")
        cluster.pause("replica1")
        SectionFactory(name="theirs")
        cluster.wait_until_replayed("replica2")
        fetch_replayed("replica2")  # known to be further on, hence chosen
        assert "theirs" in names(browser)

    meanwhile.append(see_what_somebody_else_writes)
    names(browser, headers=LATE)
    for _ in range(10):
        forget_servers()
        assert "theirs" in names(browser)


def test_overlapping_requests_leave_one_bookmark_in_the_end(browser, replay_paused):
    with replay_paused("replica2"):
        for number in range(5):
            meanwhile.append(lambda number=number: save(browser, f"{number}"))
            save(browser, f"late-{number}", headers=LATE)
        names(browser)
        assert len([each for each in browser.cookies.values() if each.value]) == 1
