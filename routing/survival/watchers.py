"""Watchers look at the replicas in the background, one thread for each replica in each process. Requests need not."""

import os
import random
import threading
import time
from contextlib import nullcontext

from django.db import DatabaseError, InterfaceError, connections

from ..conf import conf as routing
from ..driver import leave_pool
from ..in_tests import is_test_environment
from ..position import Place
from ..wal import fetch_flushed, fetch_replayed
from . import health
from .clock import question_limit, within
from .conf import conf
from .watchdog import shut_down_all

_watched_by: int | None = None
_asking = threading.Lock()


def start_watchers() -> None:
    """Start this process's watchers, one a replica, if they do not run yet (or ran before a fork).

    In a project's tests there are none: they would be connected to a database that Django is about to delete.
    """
    global _watched_by
    if _watched_by == os.getpid() or not conf().probe_interval or is_test_environment():
        return
    _watched_by = os.getpid()
    for alias in routing().replicas:
        if connections[alias].vendor == "postgresql":
            threading.Thread(target=_watch, args=[alias], name=f"routing-{alias}", daemon=True).start()


def look_soon(alias: str) -> None:
    """Have a server asked at once whether it is alive: by its watcher or, without one, by a thread for just this."""
    if _watched_by == os.getpid():
        health.health_of(alias).wake.set()
    elif _asking.acquire(blocking=False):
        threading.Thread(target=_ask_once, args=[alias], name=f"routing-{alias}", daemon=True).start()


def _watch(alias: str) -> None:
    """Look at a replica again and again."""
    wake = health.health_of(alias).wake
    is_suspect = False
    while True:
        wake.clear()
        health.report(alias, look(alias, is_suspect))
        is_suspect = wake.wait(health.pause(alias) * random.uniform(0.8, 1.2))


def _ask_once(alias: str) -> None:
    try:
        _ask(alias, question_limit(is_suspect=True))
    except (DatabaseError, InterfaceError):
        pass
    finally:
        connections[alias].close()
        _asking.release()


def _ask(alias: str, limit: float) -> Place | None:
    """Ask a replica where it is. If it doesn't answer in time it is frozen, and nobody should wait for it."""
    leave_pool(connections[alias])
    start = time.monotonic()
    try:
        with within(limit) if limit else nullcontext():
            return fetch_replayed(alias)
    except (DatabaseError, InterfaceError):
        if limit and time.monotonic() - start >= limit:
            shut_down_all(alias)
        raise


def look(alias: str, is_suspect: bool = True) -> str:
    """Ask a replica a few times, and return what keeps it from being read, or "".

    It gets less time for its answers if somebody waits for it already.
    """
    seconds: list[float] = []
    while True:
        start = time.perf_counter()
        try:
            place = _ask(alias, question_limit(is_suspect))
        except (DatabaseError, InterfaceError) as error:
            connections[alias].close()
            return f"no answer: {str(error).strip().partition(chr(10))[0]}"
        seconds.append(time.perf_counter() - start)
        if place is None:
            return "it is not a replica: it takes writes"
        if len(seconds) == health.SAMPLES:
            break
        time.sleep(random.uniform(0.02, 0.03))  # apart, for a server that stutters answers quickly in between
    if not place.is_connected:
        _ask_the_primary()
    return health.find_problem(alias, place, seconds)


def _ask_the_primary() -> None:
    """Learn where the primary is, for a replica whose stream is cut does not. If it is the primary that is gone,
    no replica is behind anybody.
    """
    leave_pool(connections[routing().primary])
    try:
        with within(conf().replica_timeout / 1000) if conf().replica_timeout else nullcontext():
            fetch_flushed()
    except (DatabaseError, InterfaceError):
        pass
    finally:
        connections[routing().primary].close()
