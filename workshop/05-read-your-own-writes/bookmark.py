"""WRONG ON PURPOSE: "wait two seconds" is a guess. Make it a place in the write-ahead log, as a number."""

import time


def take(cursor):
    """Return the bookmark of a visitor who has just saved. `cursor` asks the primary, after the commit."""
    return time.monotonic()


def has_replayed(cursor, bookmark):
    """Return whether a replica shows what the bookmark stands for. `cursor` asks the replica."""
    return time.monotonic() > bookmark + 2
