"""A clock in the client. Nothing in libpq or Django notices a frozen server: its kernel keeps the sockets open.

So who waits for a server says until when, and one thread of each process, the watchdog, shuts down the socket of
whoever waits longer: libpq then returns at once. How long a server has: a statement of a request on a replica, and
whatever watchers ask, REPLICA_TIMEOUT; anything else, the primary's statements and those of commands, as long as it
takes, unless `within` says otherwise.

psycopg2 could also wait by a callback of ours (set_wait_callback). A thread alone would pay nothing for it; but each
statement lets go of Python's lock six times then, not once, and where threads compete for it pages come 4 to 11 %
later (measured in pairs, four threads).
"""

import math
import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import partial, wraps
from typing import Any

import psycopg2
from django.db import connections
from psycopg2 import extensions

from .conf import conf
from .hosts import connect as connect_primary
from .replicas import is_watcher
from .request import current_request

_within: ContextVar[float | None] = ContextVar("routing_within", default=None)


class TimedOut(psycopg2.OperationalError):
    """The server has not answered in time. The connection is closed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the server has not answered within {seconds:g} seconds")


class _Watchdog:
    _PAUSE = 0.2  # seconds between looks; who has less asks for one

    def __init__(self) -> None:
        self._waiting: set[tuple[float, extensions.connection]] = set()  # until when (time.monotonic()), and on what
        self._lock = threading.Lock()  # while it is held, nobody stops waiting
        self._wake = threading.Event()
        self._next = math.inf  # when the next look is due
        self._is_awake = False

    def call(self, seconds: float, connection: extensions.connection, function: Callable[..., Any], *args: Any) -> Any:
        """Return function(*args), which waits for the server of `connection`. Raises TimedOut."""
        wait = (time.monotonic() + seconds, connection)
        self._waiting.add(wait)
        if wait[0] < self._next:
            self._look_sooner()
        try:
            return function(*args)
        finally:
            with self._lock:
                is_overdue = wait not in self._waiting
                self._waiting.discard(wait)
            if is_overdue:
                connection.close()
                raise TimedOut(seconds)

    def _look_sooner(self) -> None:
        with self._lock:
            if not self._is_awake:
                self._is_awake = True
                threading.Thread(target=self._watch, name="watchdog", daemon=True).start()
        self._wake.set()

    def _watch(self) -> None:
        while True:
            self._wake.clear()
            self._next = math.inf  # who comes during this look asks for another
            with self._lock:
                now = time.monotonic()
                for wait in self._waiting.copy():
                    if wait[0] <= now:
                        self._waiting.discard(wait)
                        _shut_down(wait[1])
                soonest = min((end for end, _ in self._waiting.copy()), default=math.inf)
            self._next = min(now + self._PAUSE, soonest)
            self._wake.wait(self._next - time.monotonic())


def _shut_down(connection: extensions.connection) -> None:
    """End a connection while another thread is in libpq with it: close() would wait for that one."""
    with suppress(psycopg2.Error, OSError):  # it has ended by itself
        descriptor = connection.fileno()
        with socket.socket(fileno=os.dup(descriptor)) as same:
            if connection.fileno() == descriptor:  # libpq has not closed it meanwhile, and freed the number
                same.shutdown(socket.SHUT_RDWR)


_watchdog = _Watchdog()


def _forked() -> None:
    """A child has none of its parent's threads."""
    global _watchdog
    _watchdog = _Watchdog()


os.register_at_fork(after_in_child=_forked)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give every server, the primary too, so many seconds for each statement of this block, and to be connected to.

    For a probe, which must not hang. What may write needs patience: nobody can tell whether it was done.
    """
    token = _within.set(seconds)
    try:
        yield
    finally:
        _within.reset(token)


def _limit(is_replica: bool) -> float | None:
    """Return how many seconds a server has for what it is asked now; None: as long as it takes."""
    if (timeout := conf().replica_timeout) and ((is_replica and current_request()) or is_watcher()):
        return timeout / 1000
    return _within.get()


def _timed(function: Callable[..., Any], is_asking: Callable[[Any], bool] = lambda _: True) -> Any:
    """Return a method like `function` that has a limit, if `is_asking(self)`: not all of them ask the server."""

    @wraps(function)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        if not is_asking(self):
            return function(self, *args, **kwargs)
        connection = getattr(self, "connection", self)
        if (seconds := _limit(getattr(connection, "is_replica", False))) is None:
            return function(self, *args, **kwargs)
        return _watchdog.call(seconds, connection, partial(function, self, *args, **kwargs))

    return method


def _has_name(cursor: extensions.cursor) -> bool:
    """Return whether a cursor is the server's, as that of queryset.iterator(): another one has all its rows."""
    return cursor.name is not None


class Cursor(extensions.cursor):
    """A cursor whose statements have a limit."""

    execute = _timed(extensions.cursor.execute)
    executemany = _timed(extensions.cursor.executemany)
    callproc = _timed(extensions.cursor.callproc)
    copy_expert = _timed(extensions.cursor.copy_expert)
    copy_from = _timed(extensions.cursor.copy_from)
    copy_to = _timed(extensions.cursor.copy_to)
    fetchone = _timed(extensions.cursor.fetchone, _has_name)
    fetchmany = _timed(extensions.cursor.fetchmany, _has_name)
    fetchall = _timed(extensions.cursor.fetchall, _has_name)
    scroll = _timed(extensions.cursor.scroll, _has_name)
    close = _timed(extensions.cursor.close, _has_name)
    __next__ = _timed(extensions.cursor.__next__, _has_name)


class Connection(extensions.connection):
    """A connection of Django's."""

    is_replica = False
    timeline: int | None = None  # of a primary: see hosts.py
    commit = _timed(extensions.connection.commit)
    rollback = _timed(extensions.connection.rollback)


class Replica(Connection):
    """A connection to a replica."""

    is_replica = True


def install() -> None:
    """Give the primary and the replicas the clock."""
    for alias in (conf().primary, *conf().replicas):
        options = connections.settings[alias].setdefault("OPTIONS", {})
        options.setdefault("connection_factory", partial(_connect, alias in conf().replicas))
        options.setdefault("cursor_factory", Cursor)


def _connect(is_replica: bool, dsn: str) -> Connection:
    seconds = _limit(is_replica)
    return _open(Replica, seconds, dsn) if is_replica else connect_primary(dsn, partial(_open, Connection, seconds))


def _open(kind: type[Connection], seconds: float | None, dsn: str) -> Connection:
    """Return a new connection. Raises TimedOut.

    Nobody can shut down the socket of a connection that libpq has not handed out yet, and its own connect_timeout is
    of whole seconds. So with a limit another thread connects, and is left alone if it takes too long.
    """
    if seconds is None:
        return kind(dsn)
    answer: Future[Connection] = Future()

    def connect() -> None:
        try:
            answer.set_result(kind(extensions.make_dsn(dsn, connect_timeout=math.ceil(seconds))))
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=connect, name="connecting", daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError:
        raise TimedOut(seconds) from None
