"""A bookmark comes back from the browser as it was given, or not at all."""

import string

import pytest
from django.test import RequestFactory
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.bookmarks.bookmark import Bookmark, cookies, merge, unsign
from routing.position import UNREACHABLE, Place, Position

BOOKMARK = Bookmark(Position(1, 0x3000060), "replica1", "1764000000.123456")
COOKIE_SAFE = set(string.ascii_letters + string.digits + "!#$%&'*+-.^_`|~:")  # http.cookies quotes anything else


def test_a_signed_bookmark_comes_back():
    assert unsign(BOOKMARK.sign(), 60) == BOOKMARK
    assert unsign(Bookmark(Position(1, 5)).sign(), 60) == Bookmark(Position(1, 5))


def test_a_signed_bookmark_needs_no_quotes_in_a_cookie():
    assert set(BOOKMARK.sign()) <= COOKIE_SAFE


def test_an_expired_bookmark_is_none(monkeypatch):
    signed = BOOKMARK.sign()
    monkeypatch.setattr(
        "django.core.signing.time.time", lambda: __import__("datetime").datetime.now().timestamp() + 61
    )
    assert unsign(signed, 60) is None
    assert unsign(signed, 62) == BOOKMARK


def test_a_bookmark_of_another_key_is_none(settings):
    signed = BOOKMARK.sign()
    settings.SECRET_KEY = "another"
    assert unsign(signed, 60) is None


@settings(max_examples=1000)
@given(st.data())
def test_a_mutated_bookmark_is_none(data):
    signed = BOOKMARK.sign()
    position = data.draw(st.integers(0, len(signed) - 1))
    kind = data.draw(st.sampled_from(["replace", "insert", "delete", "cut"]))
    character = data.draw(st.characters())
    mutated = {
        "replace": signed[:position] + character + signed[position + 1 :],
        "insert": signed[:position] + character + signed[position:],
        "delete": signed[:position] + signed[position + 1 :],
        "cut": signed[:position],
    }[kind]
    if mutated != signed:
        assert unsign(mutated, 60) is None


positions = st.builds(Position, st.just(1), st.integers(0, 3))
bookmarks = st.one_of(
    st.builds(Bookmark, positions),
    st.builds(Bookmark, positions, st.sampled_from(["replica1", "replica2"]), st.sampled_from(["1.0", "2.0"])),
    st.just(Bookmark(UNREACHABLE)),
)


@settings(max_examples=300)
@given(bookmarks, bookmarks, st.sampled_from(["replica1", "replica2"]), positions, st.sampled_from(["1.0", "2.0"]))
def test_what_reaches_two_bookmarks_in_one_reaches_either(one, other, name, position, started):
    replayed = Place(position, started)
    together = merge(one, other).is_reached(name, replayed)
    assert together == (one.is_reached(name, replayed) and other.is_reached(name, replayed))


def test_of_two_timelines_the_later_one_counts():
    old, new = Bookmark(Position(1, 9)), Bookmark(Position(2, 5))
    assert merge(old, new) == merge(new, old) == new


@pytest.mark.parametrize("name", ["routing_bookmark", "routing_bookmark_0a1b2c3d"])
def test_a_cookie_of_ours_is_known_by_its_name(name):
    assert cookies(RequestFactory(headers={"Cookie": f"{name}=x"}).get("/")) == {name: "x"}


@pytest.mark.parametrize(
    "name", ["routing_bookmarks", "routing_bookmark_\xe9", "routing_bookmark_(1)", "my_routing_bookmark"]
)
def test_a_cookie_of_others_is_left_alone(name):
    assert not cookies(RequestFactory(headers={"Cookie": f"{name}=x"}).get("/"))
