"""Connects to the primary and to replicas, with a limit, and never to a primary that another has replaced.

Django makes one object for each alias and thread. Each of ours gets a `get_new_connection` that does both, and an
execute wrapper for the clock. No setting, no class of the driver, and no other database is changed.
"""

import math
import threading
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress
from contextvars import copy_context
from functools import partial
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

from ..conf import conf as routing
from ..conf import ours
from ..decision import current_decision
from . import clock, pooling, primary
from .watchdog import TimedOut, remember
from .watchers import look_soon

_time_statement = clock.time_statement(look_soon)


def install() -> None:
    """Prepare each object that Django has made, or will make, for an alias of ours."""
    if not isinstance(connections.create_connection, partial):
        connections.create_connection = partial(_create, connections.create_connection)  # type: ignore[method-assign]
    for connection in connections.all(initialized_only=True):
        if connection.alias in ours():
            _prepare(connection)


def _create(create: Callable[[str], BaseDatabaseWrapper], alias: str) -> BaseDatabaseWrapper:
    connection = create(alias)
    if alias in ours():
        _prepare(connection)
    return connection


def _prepare(connection: BaseDatabaseWrapper) -> None:
    if connection.vendor == "postgresql" and _time_statement not in connection.execute_wrappers:
        connect = connection.get_new_connection
        connection.get_new_connection = partial(_get_new_connection, connection, connect)  # type: ignore[method-assign]
        connection.execute_wrappers.append(_time_statement)


def _get_new_connection(
    connection: BaseDatabaseWrapper, connect: Callable[[dict[str, Any]], Any], params: dict[str, Any]
) -> Any:
    try:
        if pooling.prepare(connection):
            return connect(params)
        alias, seconds = connection.alias, clock.seconds_to_connect(connection.alias)
        if seconds < math.inf:
            connect = partial(_connect_within, connection, connect, seconds)
        database = connection.Database  # type: ignore[attr-defined]
        raw = primary.connect(database, connect, params) if alias == routing().primary else connect(params)
    except Exception:
        if decision := current_decision():
            decision.had_trouble = True
        raise
    remember(alias, raw)
    return raw


def _connect_within(
    connection: BaseDatabaseWrapper, connect: Callable[[dict[str, Any]], Any], seconds: float, params: dict[str, Any]
) -> Any:
    """Return a new connection. Raises the driver's OperationalError if that takes longer than `seconds`.

    While libpq is connecting, we have no socket to shut down, and its own connect_timeout counts whole seconds. So
    another thread connects, and we leave it alone if it takes too long. It then ends by that connect_timeout, one
    second later, so that ours always comes first.
    """
    answer: Future[Any] = Future()
    params = {**params, "connect_timeout": math.ceil(seconds) + 1}

    def run() -> None:
        try:
            raw = connect(params)
        except BaseException as error:
            with suppress(InvalidStateError):  # nobody waits any more
                answer.set_exception(error)
            return
        try:
            answer.set_result(raw)
        except InvalidStateError:
            raw.close()

    threading.Thread(target=copy_context().run, args=[run], name="routing-connecting", daemon=True).start()
    try:
        return answer.result(seconds)
    except TimeoutError:
        answer.cancel()
        raise connection.Database.OperationalError(str(TimedOut(seconds))) from None  # type: ignore[attr-defined]
