"""Finds a replica that has replayed a bookmark, and waits a moment for it."""

import random
import time

from django.db import DatabaseError, InterfaceError, connections

from .bookmarks import Bookmark
from .conf import conf
from .replicas import Replayed, ask, known, watch

# What is further behind than this does not arrive within BOOKMARK_WAIT: no use in waiting.
HOPELESS = 64 * 1024 * 1024  # bytes


def find_replica(bookmark: Bookmark) -> tuple[str | None, bool]:
    """Return a replica that shows nothing older than `bookmark`, and whether one had to be asked.

    First one that is known to have replayed it. Else the first that says so when it is asked: the one that was
    furthest on gets BOOKMARK_WAIT milliseconds, the others are asked once. None if none of them has.
    """
    watch()
    names = list(conf().replicas)
    random.shuffle(names)
    names.sort(key=_progress, reverse=True)  # the furthest first, as far as is known
    for name in names:
        # Knowledge is for those whose own connection is open: see replicas.py.
        if (
            connections[name].connection is not None
            and (replayed := known(name))
            and bookmark.is_reached(name, replayed)
        ):
            return name, False
    for number, name in enumerate(names):
        if catches_up(name, bookmark, conf().bookmark_wait / 1000 if number == 0 else 0):
            return name, True
    return None, bool(names)


def _progress(name: str) -> int:
    replayed = known(name)
    return replayed.position.lsn if replayed else 0


def catches_up(name: str, bookmark: Bookmark, seconds: float) -> bool:
    """Ask replica `name` until it has replayed `bookmark`, for `seconds` at most. At least once.

    This is the place for PostgreSQL 19's `WAIT FOR LSN`, which waits in the server.
    """
    deadline = time.monotonic() + seconds
    pause = 0.001  # seconds; lag is mostly well below a millisecond
    try:
        while replayed := ask(name):
            if bookmark.is_reached(name, replayed):
                return True
            if _is_hopeless(bookmark, replayed) or time.monotonic() + pause > deadline:
                return False
            time.sleep(pause)
            pause = min(pause * 2, 0.01)
    except (DatabaseError, InterfaceError):
        connections[name].close()
    return False


def _is_hopeless(bookmark: Bookmark, replayed: Replayed) -> bool:
    """Return whether waiting is of no use: another timeline, another replica's page, or far too much to come."""
    wanted, got = bookmark.position, replayed.position
    return wanted.timeline != got.timeline or not 0 < wanted.lsn - got.lsn <= HOPELESS
