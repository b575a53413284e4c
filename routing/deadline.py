"""A clock in the client. Nothing in libpq or Django notices a frozen server: its kernel keeps the sockets open.

psycopg2 can: it lets a callback wait for the server. The callback counts for every connection of the process, and
takes connect_timeout away from libpq. So each connection has its limit here, other libraries' too. Connecting: what
connect_timeout says.
A statement of a request on a replica, and whatever watchers ask: REPLICA_TIMEOUT. Anything else, the primary's
statements and those of commands: none, unless `within` says so. (COPY does not work under a callback.)

A thread alone pays nothing that can be measured. Where threads compete for Python's lock, a page comes some percent
later, since each statement lets go of the lock more often: tests/benchmarks measures it.
"""

import select
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

import psycopg2
from django.db import connections
from psycopg2 import extensions

from .conf import conf
from .hosts import connect as connect_primary
from .replicas import is_watcher
from .request import current_request

_within: ContextVar[float | None] = ContextVar("routing_within", default=None)
_CONNECTED = {extensions.STATUS_READY, extensions.STATUS_BEGIN, extensions.STATUS_PREPARED}


class TimedOut(psycopg2.OperationalError):
    """The server has not answered in time. psycopg2 has closed the connection."""


class Connection(extensions.connection):
    """A connection of Django's."""

    is_replica = False
    timeline: int | None = None  # of a primary: see hosts.py


class Replica(Connection):
    """A connection to a replica."""

    is_replica = True


def install() -> None:
    """Give the primary and the replicas the clock."""
    extensions.set_wait_callback(_wait)
    for alias in (conf().primary, *conf().replicas):
        options = connections.settings[alias].setdefault("OPTIONS", {})
        options.setdefault("connection_factory", partial(_connect, alias in conf().replicas))


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


def _connect(is_replica: bool, dsn: str) -> Connection:
    return Replica(dsn) if is_replica else connect_primary(dsn, Connection)


def _limit(connection: Any) -> float | None:
    """Return how many seconds the server has for what it was asked just now; None: as long as it takes."""
    is_hurried = is_watcher() or (getattr(connection, "is_replica", False) and current_request())
    if is_hurried and conf().replica_timeout:
        return conf().replica_timeout / 1000
    if (seconds := _within.get()) is not None:
        return seconds
    if connection.status in _CONNECTED:
        return None
    timeout = extensions.parse_dsn(connection.dsn).get("connect_timeout")
    return float(timeout) if timeout and float(timeout) > 0 else None


def _wait(connection: Any) -> None:
    """Wait until the server has answered. Raises TimedOut."""
    limit = _limit(connection)
    end = None if limit is None else time.monotonic() + limit
    while (state := connection.poll()) != extensions.POLL_OK:
        poller = select.poll()
        # The descriptor changes while libpq tries one address after another.
        poller.register(connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
        left = None if end is None else max(0.0, end - time.monotonic()) * 1000
        if not poller.poll(left):
            raise TimedOut(f"the server has not answered within {limit:g} seconds")
