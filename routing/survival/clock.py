"""A clock in the client. Nothing in libpq or Django notices a frozen server: its kernel keeps the sockets open.

Two limits. A statement of a request that takes longer than REPLICA_TIMEOUT on a replica is a suspicion: its server is
asked something small, at once (watchers.py). If it answers, the statement goes on. If it does not, every socket that
this process has to that server is shut down, and whoever waits on one gets an error at once. And `within` is a limit
that ends a statement by itself: the small questions have one, and so may a probe of yours.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from typing import Any

from ..conf import conf as routing
from ..decision import current_decision
from .conf import conf
from .watchdog import Wait

_within: ContextVar[float | None] = ContextVar("routing_within", default=None)


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


def hard_limit() -> float | None:
    """Return the seconds that the present `within` gives a server; None without one."""
    return _within.get()


def seconds_to_connect(alias: str) -> float:
    """Return the seconds that connecting to `alias` may take; infinity without a limit."""
    seconds = _within.get() or math.inf
    if alias in routing().replicas and conf().replica_timeout and current_decision():
        seconds = min(seconds, conf().replica_timeout / 1000)
    return seconds


def question_limit() -> float:
    """Return the seconds that a server has for a small question."""
    return conf().replica_timeout / 2000


def time_statement(suspect: Callable[[str], None]) -> Callable[..., Any]:
    """Return an execute wrapper that gives each statement its limit. `suspect(alias)` has a server asked."""

    def run(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
        connection, seconds = context["connection"], _within.get()
        if seconds is not None:
            with Wait(connection.connection, seconds):
                return execute(sql, params, many, context)
        decision = current_decision()
        if decision is None:
            return execute(sql, params, many, context)
        try:
            if connection.alias in routing().replicas and (limit := conf().replica_timeout):
                with Wait(connection.connection, limit / 1000, partial(suspect, connection.alias)):
                    return execute(sql, params, many, context)
            return execute(sql, params, many, context)
        except Exception:
            decision.had_trouble = True
            raise

    return run
