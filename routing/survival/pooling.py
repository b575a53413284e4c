"""Makes Django's pool (OPTIONS["pool"], psycopg 3) keep what is promised without one.

The pool connects in threads of its own, and tries again and again, later and later. So its connections are made as
ours are; a failure is told at once to whoever waits; and what it hands out is looked at, without SQL.
"""

import math
import threading
from collections.abc import Callable
from functools import partial
from time import monotonic
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from ..conf import conf as routing
from ..driver import has_input, pool_of, throw_away
from . import clock, primary
from .watchdog import TimedOut, Wait, remember

_SLICE = 0.05  # seconds between looks at what became of the pool's attempts to connect
_lock = threading.Lock()


class _Connector:
    """What a pool has in place of its class of connections: connects, and keeps the last failure."""

    def __init__(self, connection: BaseDatabaseWrapper, pool: Any) -> None:
        self.alias, self.database = connection.alias, connection.Database  # type: ignore[attr-defined]
        self.seconds: float = pool.timeout
        self.make: Callable[..., Any] = pool.connection_class.connect
        self.check: Callable[[Any], None] | None = pool._check  # CONN_HEALTH_CHECKS
        self.failed, self.failure = 0.0, ""

    def connect(self, conninfo: str, **params: Any) -> Any:
        try:
            with clock.within(self.seconds):
                params.setdefault("connect_timeout", math.ceil(self.seconds))
                raw = self._connect(lambda each: self.make(conninfo, **each), params)
        except (self.database.Error, TimedOut) as error:
            self.failure = str(error).strip()
            self.failed = monotonic()
            raise
        remember(self.alias, raw)
        return raw

    def _connect(self, make: Callable[[dict[str, Any]], Any], params: dict[str, Any]) -> Any:
        return primary.connect(self.database, make, params) if self.alias == routing().primary else make(params)


def prepare(connection: BaseDatabaseWrapper) -> bool:
    """Prepare the pool of an alias of ours, if it has one and that is new. Returns whether it has one."""
    pool = pool_of(connection)
    if pool is not None and not isinstance(pool.connection_class, _Connector):
        with _lock:
            if not isinstance(pool.connection_class, _Connector):
                # An attempt that failed is not made again: whoever needs a connection next has one made at once.
                pool.reconnect_timeout = 0
                pool.connection_class = _Connector(connection, pool)
                pool._check = None  # _getconn() makes it, with a limit
                pool.getconn = partial(_getconn, pool, pool.getconn)
    return pool is not None


def _getconn(pool: Any, getconn: Callable[[float], Any], timeout: float | None = None) -> Any:
    """Return a connection that leads to a living server, as far as can be seen without asking it.

    Raises the driver's OperationalError: that which its pool met while this one waited, or that the time is up.
    """
    from psycopg_pool import PoolTimeout  # installed where there is a pool

    connector: _Connector = pool.connection_class
    start = monotonic()
    seconds = min(clock.seconds_to_connect(connector.alias), pool.timeout if timeout is None else timeout)
    while (left := start + seconds - monotonic()) > 0:
        try:
            raw = getconn(min(left, _SLICE))
        except PoolTimeout:
            if connector.failed >= start:
                raise connector.database.OperationalError(connector.failure) from None
            continue
        if primary.is_replaced(raw):
            pool.drain()
        elif _lives(connector, raw, start + seconds - monotonic()):
            return raw
        throw_away(raw)
    raise connector.database.OperationalError(str(TimedOut(seconds)))


def _lives(connector: _Connector, raw: Any, seconds: float) -> bool:
    """Return whether a connection that lay in the pool is good: seen from here, and asked if the settings say so."""
    if raw.closed or has_input(raw):
        return False
    try:
        if connector.check:
            with Wait(raw, seconds):
                connector.check(raw)
    except (connector.database.Error, TimedOut):
        return False
    return True
