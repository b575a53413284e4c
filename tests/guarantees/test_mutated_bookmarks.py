"""Ten thousand bookmarks that nobody gave: no exception, no wait, and at most one page from the primary."""

import random

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from backoffice.models import Section
from routing.bookmarks.bookmark import Bookmark
from routing.bookmarks.burst import forget_visitors
from routing.middleware import RoutingMiddleware
from routing.position import Position
from routing.wal import fetch_flushed

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])
COOKIE = "routing_bookmark"
REQUESTS = RequestFactory()


def mutated(text):
    """Change `text` in one to three places."""
    characters = [*text]
    for _ in range(random.randint(1, 3)):
        place = random.randrange(len(characters))
        new = random.choice([chr(random.randrange(0x20, 0x7F)), chr(random.randrange(0xD800)), characters[0], ""])
        characters[place : place + random.choice([0, 1, 1, len(text)])] = new or [" "]
    return "".join(characters)


def impossible():
    """Signed, as if the site had given it: a position that no server has, or a page of a replica that is gone."""
    position = Position(random.randrange(10), random.getrandbits(63))
    return Bookmark(position, random.choice(["", "replica1", "replica9"]), f"{random.random()}").sign()


def page(request):
    """Where it is read from; a page of the primary does read, for that moves the bookmark on."""
    sections = Section.objects.all()
    return HttpResponse(sections.db if sections.db != "default" else f"default {sections.exists()}")


def visit(cookies):
    """Return the page, and the cookies that the browser has then."""
    request = REQUESTS.get("/")
    request.COOKIES = cookies
    response = RoutingMiddleware(page)(request)
    cookies = cookies | {name: each.value for name, each in response.cookies.items()}
    return response.content.decode(), {name: value for name, value in cookies.items() if value}


def test_ten_thousand_bookmarks_that_nobody_gave_neither_raise_nor_wait_nor_pin(settings, wait_until_replayed):
    settings.ROUTING = settings.ROUTING | {"BOOKMARK_WAIT": 60_000}  # the test would time out
    wait_until_replayed()
    genuine = Bookmark(fetch_flushed()).sign()
    on_the_primary = 0
    for number in range(10_000):
        text = mutated(genuine) if number % 20 else impossible()
        forget_visitors()  # each is another one, and they all look alike
        shown, cookies = visit({COOKIE: text})
        if "default" in shown:
            on_the_primary += 1
            shown, cookies = visit(cookies)
        assert "replica" in shown, repr(text)
    assert 0 < on_the_primary <= 500  # the signed ones at most
