"""A clock in the client. Nothing in libpq or Django notices a frozen server: its kernel keeps the sockets open.

So who waits for a server says until when, and one thread of each process, the watchdog, shuts down the socket of
whoever waits longer: libpq then returns at once. How long a server has: a statement of a request on a replica, and
whatever watchers ask, REPLICA_TIMEOUT; anything else, the primary's statements and those of commands, as long as it
takes, unless `within` says otherwise.

psycopg2 could also wait by a callback of ours (set_wait_callback). That counts for every connection of the process,
COPY does not work under it, and each statement lets go of Python's lock six times: busy threads pay for that.
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
        self.waiting: set[tuple[float, extensions.connection]] = set()  # until when (time.monotonic()), and on what
        self.next_look = math.inf
        self._is_awake = False
        self._biting = threading.Lock()
        self._wake = threading.Event()

    def look_sooner(self) -> None:
        with self._biting:
            if not self._is_awake:
                self._is_awake = True
                threading.Thread(target=self._watch, name="watchdog", daemon=True).start()
        self._wake.set()

    def wait_for_bite(self) -> None:
        """Return once nobody's socket is being shut down."""
        with self._biting:
            pass

    def _watch(self) -> None:
        while True:
            self._wake.clear()
            self.next_look = math.inf  # who comes during this look asks for another
            now = time.monotonic()
            with self._biting:
                for wait in self.waiting.copy():
                    if wait[0] <= now and self._takes(wait):
                        _shut_down(wait[1])
            self.next_look = min([now + self._PAUSE, *(end for end, _ in self.waiting.copy())])
            self._wake.wait(self.next_look - time.monotonic())

    def _takes(self, wait: tuple[float, extensions.connection]) -> bool:
        """Take one out of `waiting`, as its own thread does once it has its answer. False if that was quicker."""
        try:
            self.waiting.remove(wait)
        except KeyError:
            return False
        return True


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


def _limit(connection: Any) -> float | None:
    """Return how many seconds a server has for what it is asked now; None: as long as it takes."""
    if (timeout := conf().replica_timeout) and (
        (getattr(connection, "is_replica", False) and current_request()) or is_watcher()
    ):
        return timeout / 1000
    return _within.get()


def _timed(function: Callable[..., Any]) -> Any:
    """Return a method like `function` with a limit. All statements of all pages pass here: quick, not short."""

    @wraps(function)
    def method(self: Any, *args: Any, **kwargs: Any) -> Any:
        connection = getattr(self, "connection", self)
        seconds = _limit(connection)
        if seconds is None:
            return function(self, *args, **kwargs)
        watchdog = _watchdog
        wait = (time.monotonic() + seconds, connection)
        watchdog.waiting.add(wait)
        if wait[0] < watchdog.next_look:
            watchdog.look_sooner()
        try:
            return function(self, *args, **kwargs)
        finally:
            try:
                watchdog.waiting.remove(wait)
            except KeyError:
                watchdog.wait_for_bite()
                connection.close()
                raise TimedOut(seconds) from None

    return method


class Cursor(extensions.cursor):
    """A cursor whose statements have a limit."""

    execute = _timed(extensions.cursor.execute)
    executemany = _timed(extensions.cursor.executemany)
    callproc = _timed(extensions.cursor.callproc)
    copy_expert = _timed(extensions.cursor.copy_expert)
    copy_from = _timed(extensions.cursor.copy_from)
    copy_to = _timed(extensions.cursor.copy_to)


class ServerCursor(Cursor):
    """A cursor with a name, as that of queryset.iterator(): the server still has its rows."""

    fetchone = _timed(extensions.cursor.fetchone)
    fetchmany = _timed(extensions.cursor.fetchmany)
    fetchall = _timed(extensions.cursor.fetchall)
    scroll = _timed(extensions.cursor.scroll)
    close = _timed(extensions.cursor.close)
    __next__ = _timed(extensions.cursor.__next__)


def _cursor(connection: Any, name: str | bytes | None = None) -> Cursor:
    return ServerCursor(connection, name) if name else Cursor(connection)


class Connection(extensions.connection):
    """A connection of Django's."""

    is_replica = False
    timeline: int | None = None  # of a primary: see hosts.py

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cursor_factory = _cursor  # for hosts.py, which asks before the option of that name is heeded

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
        options.setdefault("cursor_factory", _cursor)  # or Django sets its own


def other_factories(alias: str) -> list[str]:
    """Return which OPTIONS of a database make connections, or cursors, that are not of this module."""
    options = connections.settings[alias].get("OPTIONS", {})
    connect, cursor = options.get("connection_factory"), options.get("cursor_factory")
    others = {
        "connection_factory": connect and getattr(connect, "func", None) is not _connect,
        "cursor_factory": cursor and cursor is not _cursor,
    }
    return [key for key, is_other in others.items() if is_other]


def _connect(is_replica: bool, dsn: str) -> Connection:
    kind = Replica if is_replica else Connection
    make = partial(_open, kind, _limit(kind))
    return make(dsn) if is_replica else connect_primary(dsn, make)


def _open(kind: type[Connection], seconds: float | None, dsn: str) -> Connection:
    """Return a new connection. Raises TimedOut.

    Nobody can shut down the socket of a connection that libpq has not handed out yet, and its own connect_timeout is
    of whole seconds. So with a limit another thread connects, and is left alone if it takes too long. It ends by that
    connect_timeout, a second later: were both the same, either could be first.
    """
    if seconds is None:
        return kind(dsn)
    answer: Future[Connection] = Future()

    def connect() -> None:
        try:
            answer.set_result(kind(extensions.make_dsn(dsn, connect_timeout=math.ceil(seconds) + 1)))
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=connect, name="connecting", daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError:
        raise TimedOut(seconds) from None
