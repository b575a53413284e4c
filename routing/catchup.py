"""Finds a replica that has replayed a bookmark, and waits a moment for it."""

import random
import time
from collections.abc import Collection
from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, connections

from . import health
from .bookmarks import Bookmark
from .conf import conf
from .replicas import Replayed, ask, known, watch

# What is further behind than this does not arrive within BOOKMARK_WAIT: no use in waiting.
HOPELESS = 64 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Found:
    """A replica that shows nothing older than a bookmark, how far it was, and whether it had to be asked."""

    name: str
    replayed: Replayed
    asked: bool


def find_replica(bookmark: Bookmark, excluded: Collection[str] = ()) -> Found | None:
    """Return a replica that shows nothing older than `bookmark`, is fit, and none of `excluded`; or None.

    First one that is known to have replayed it. Else the first that says so when it is asked: the one that was
    furthest on gets BOOKMARK_WAIT milliseconds, the others are asked once.
    """
    watch()
    names = [name for name in conf().replicas if bookmark.replica in ("", name)]
    names = [name for name in names if name not in excluded and health.is_fit(name)]
    random.shuffle(names)
    names.sort(key=_progress, reverse=True)  # the furthest first, as far as is known
    for name in names:
        if (replayed := known(name)) and bookmark.is_reached(name, replayed) and _is_connected(name):
            return Found(name, replayed, asked=False)
    for number, name in enumerate(names):
        if replayed := catches_up(name, bookmark, conf().bookmark_wait / 1000 if number == 0 else 0):
            return Found(name, replayed, asked=True)
    return None


def _is_connected(name: str) -> bool:
    """Return whether this thread has a connection to the server that answered: see replicas.py.

    With CONN_HEALTH_CHECKS Django would test it at the page's first query, and replace it in silence.
    """
    connections[name].close_if_health_check_failed()
    return connections[name].connection is not None


def _progress(name: str) -> int:
    replayed = known(name)
    return replayed.position.lsn if replayed else 0


def catches_up(name: str, bookmark: Bookmark, seconds: float) -> Replayed | None:
    """Ask replica `name` until it has replayed `bookmark`, for `seconds` at most. At least once.

    Returns how far it is then; None if it does not get there.

    This is the place for PostgreSQL 19's `WAIT FOR LSN`, which waits in the server.
    """
    deadline = time.monotonic() + seconds
    pause = 0.001  # seconds; lag is mostly well below a millisecond
    try:
        while replayed := ask(name):
            if bookmark.is_reached(name, replayed):
                return replayed
            if _is_hopeless(bookmark, name, replayed) or time.monotonic() + pause > deadline:
                return None
            time.sleep(pause)
            pause = min(pause * 2, 0.01)
    except (DatabaseError, InterfaceError):
        connections[name].close()
        health.suspect(name)
    return None


def _is_hopeless(bookmark: Bookmark, name: str, replayed: Replayed) -> bool:
    """Return whether waiting is of no use: another timeline, another replica's page, or far too much to come."""
    if bookmark.replica and (bookmark.replica, bookmark.started) != (name, replayed.started):
        return True
    wanted, got = bookmark.position, replayed.position
    return wanted.timeline != got.timeline or not 0 < wanted.lsn - got.lsn <= HOPELESS
