"""Finds a replica that has replayed a bookmark, and waits a moment for it."""

import random
import time
from collections.abc import Collection
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, connections

from ..layer import layers
from ..position import UNREACHABLE, Place
from ..wal import fetch_replayed, last_known
from .bookmark import Bookmark
from .conf import conf

# A replica further behind than this won't catch up in BOOKMARK_WAIT, so don't wait for it.
HOPELESS = 64 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Found:
    """A replica that shows nothing older than a bookmark, where it was, and whether it had to be asked."""

    alias: str
    place: Place
    asked: bool


def find_replica(bookmark: Bookmark, aliases: Collection[str]) -> Found | None:
    """Return the one of these replicas that shows nothing older than `bookmark`; None if there is none.

    A replica known to have replayed it comes first. If there is none, each is asked: the furthest one gets
    BOOKMARK_WAIT milliseconds to catch up, the others are asked once.
    """
    if bookmark.position == UNREACHABLE:
        return None
    candidates = [alias for alias in aliases if bookmark.replica in ("", alias)]
    random.shuffle(candidates)
    known = {alias: last_known(alias) for alias in candidates}
    candidates.sort(key=lambda alias: place.position.lsn if (place := known[alias]) else 0, reverse=True)
    for alias in candidates:
        if (place := known[alias]) and bookmark.is_reached(alias, place):
            return Found(alias, place, asked=False)
    for number, alias in enumerate(candidates):
        if place := catches_up(alias, bookmark, conf().bookmark_wait / 1000 if number == 0 else 0):
            return Found(alias, place, asked=True)
    return None


def catches_up(alias: str, bookmark: Bookmark, seconds: float) -> Place | None:
    """Ask a replica until it has replayed `bookmark`, for `seconds` at most, and at least once.

    Returns where it is then, or None if it doesn't get there.

    PostgreSQL 19's `WAIT FOR LSN`, which waits in the server, would go here.
    """
    deadline = time.monotonic() + seconds
    pause = 0.001  # seconds; lag is mostly well below a millisecond
    try:
        while place := fetch_replayed(alias):
            if bookmark.is_reached(alias, place):
                return place
            if _is_hopeless(bookmark, alias, place) or time.monotonic() + pause > deadline:
                return None
            time.sleep(pause)
            pause = min(pause * 2, 0.01)
    except (DatabaseError, InterfaceError):
        connections[alias].close()
        for did_not_answer in layers().did_not_answer:
            did_not_answer(alias)
    return None


def _is_hopeless(bookmark: Bookmark, alias: str, place: Place) -> bool:
    """Return whether waiting is pointless: another timeline, another replica's page, or too far behind."""
    if bookmark.replica and (bookmark.replica, bookmark.started) != (alias, place.started):
        return True
    wanted, got = bookmark.position, place.position
    return wanted.timeline != got.timeline or not 0 < wanted.lsn - got.lsn <= HOPELESS
