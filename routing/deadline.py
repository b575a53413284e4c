"""A clock in the client. Nothing in libpq or Django notices a frozen server: its kernel keeps the sockets open.

psycopg2 can: it lets a callback wait for the server. The callback counts for every connection of the process, and
takes connect_timeout away from libpq. So each connection has its limit here. Connecting: what connect_timeout says.
A statement of a request on a replica, and whatever watchers ask: REPLICA_TIMEOUT. Anything else, the primary's
statements and those of commands: none. Costs nothing that can be measured. (COPY does not work under a callback.)
"""

import select
import time
from functools import partial
from typing import Any

import psycopg2
from django.db import connections
from psycopg2 import extensions

from .conf import conf
from .hosts import connect as connect_primary
from .replicas import is_watcher
from .request import current_request


class TimedOut(psycopg2.OperationalError):
    """The server has not answered in time. psycopg2 has closed the connection."""


class Connection(extensions.connection):
    """A connection that knows its limits. `is_ready` is set once it is connected."""

    is_ready = False
    is_replica = False
    connect_timeout: float | None = None
    timeline: int | None = None  # of a primary: see hosts.py

    def limit(self) -> float | None:
        """Return how many seconds the server has for what it was asked just now; None: as long as it takes."""
        is_hurried = is_watcher() or (self.is_replica and current_request())
        if is_hurried and conf().replica_timeout:
            return conf().replica_timeout / 1000
        return None if self.is_ready else self.connect_timeout


def install() -> None:
    """Give the primary and the replicas the clock."""
    extensions.set_wait_callback(_wait)
    for alias in (conf().primary, *conf().replicas):
        options = connections.settings[alias].setdefault("OPTIONS", {})
        options.setdefault("connection_factory", partial(_connect, alias in conf().replicas))


def _connect(is_replica: bool, dsn: str) -> Connection:
    timeout = extensions.parse_dsn(dsn).get("connect_timeout")
    limits = {"is_replica": is_replica, "connect_timeout": timeout and float(timeout)}

    def make(dsn: str) -> Connection:
        connection: Connection = type("Connection", (Connection,), limits)(dsn)
        connection.is_ready = True
        return connection

    return make(dsn) if is_replica else connect_primary(dsn, make)


def _wait(connection: Any) -> None:
    """Wait until the server has answered. Raises TimedOut."""
    limit = connection.limit() if isinstance(connection, Connection) else None
    end = None if limit is None else time.monotonic() + limit
    while (state := connection.poll()) != extensions.POLL_OK:
        poller = select.poll()
        # The descriptor changes while libpq tries one address after another.
        poller.register(connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT)
        left = None if end is None else max(0.0, end - time.monotonic()) * 1000
        if not poller.poll(left):
            raise TimedOut(f"the server has not answered within {limit:g} seconds")
