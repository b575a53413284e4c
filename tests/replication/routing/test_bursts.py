"""Many requests of one browser at once leave few cookies, and lose nothing."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from routing.bookmarks import burst
from tests.support.factories import SectionFactory

pytestmark = [
    pytest.mark.urls("tests.support.routing_urls"),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]
AT_ONCE = 90


def at_once(ask, number=AT_ONCE):
    """Ask so many times before any answer has reached the browser; return the answers."""

    def run(which):
        try:
            return ask(which)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        return list(pool.map(run, range(number)))


def jar_after(answers, cookies=()):
    """What a browser keeps of answers that arrive in any order; here the first is the last to arrive."""
    browser = Client()
    for name, value in cookies:
        browser.cookies[name] = value
    for answer in reversed(answers):
        for name, morsel in answer.cookies.items():
            if morsel.value:
                browser.cookies[name] = morsel.value
            else:
                browser.cookies.pop(name, None)
    return browser


def size(browser):
    return len("; ".join(f"{name}={morsel.value}" for name, morsel in browser.cookies.items()))


@pytest.fixture(autouse=True)
def _nobody_is_known():
    burst.forget_visitors()


def test_ninety_posts_at_once_leave_less_than_a_kilobyte_and_the_next_page_shows_them_all(replay_paused):
    with replay_paused("replica1", "replica2"):
        browser = jar_after(at_once(lambda n: Client().post("/write/", {"name": f"n{n}"})))
        assert size(browser) < 1024
        page = browser.get("/names/").json()
        assert len(page["names"]) == AT_ONCE
        assert page["alias"] == "default"


def test_forty_pages_at_once_after_a_save_leave_few_and_never_go_back(replay_paused, wait_until_replayed):
    with replay_paused("replica1", "replica2"):
        writer = Client()
        writer.post("/write/", {"name": "mine"})
        held = [(name, morsel.value) for name, morsel in writer.cookies.items()]

        def ask(number):
            browser = jar_after([], held)
            if number % 10 == 0:
                SectionFactory(name=f"theirs-{number}", slug=f"theirs-{number}")
            return browser.get("/names/")

        answers = at_once(ask, 40)
        longest = max(len(answer.json()["names"]) for answer in answers)
        browser = jar_after(answers, held)
        assert size(browser) < 1024
        assert max(sum(len(m.OutputString()) for m in each.cookies.values()) for each in answers) < 1024
        assert len(browser.get("/names/").json()["names"]) >= longest


def test_requests_one_after_the_other_are_never_careful():
    browser = Client()
    for number in range(2 * burst.MOST + 2):
        browser.post("/write/", {"name": f"n{number}"})
    assert "routing_bookmark_0" not in browser.cookies


def test_the_cookie_has_the_attributes_of_the_session(settings):
    settings.SESSION_COOKIE_SAMESITE = "None"
    settings.SESSION_COOKIE_SECURE = True
    (cookie,) = Client().post("/write/", {"name": "new"}).cookies.values()
    assert (cookie["samesite"], cookie["secure"]) == ("None", True)
