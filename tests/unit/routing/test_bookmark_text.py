"""A bookmark comes back from the browser as it was given, or not at all."""

import string

from hypothesis import given, settings
from hypothesis import strategies as st

from routing.bookmarks import Bookmark, unsign
from routing.position import Position

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


@settings(max_examples=10_000)
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
