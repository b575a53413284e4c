"""A clock in the client, because libpq and Django don't notice a frozen server: its kernel keeps the sockets open.

There are two limits. If a statement of a request takes longer than REPLICA_TIMEOUT on a replica, its server is asked
something small, at once (watchers.py). If it answers, the statement continues. If it doesn't, every socket of this
process to that server is shut down, and whoever waits on one gets an error. The other limit, `within`, ends a
statement by itself: use it for probes. The small questions use it, too.
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
    """Give every server, the primary too, this many seconds for each statement of the block, and for connecting.

    For a probe, which must not hang. Don't put writes in it: nobody can tell whether a write that timed out was done.
    """
    token = _within.set(seconds)
    try:
        yield
    finally:
        _within.reset(token)


def hard_limit() -> float | None:
    """Return the seconds that the current `within` gives a server, or None."""
    return _within.get()


def seconds_to_connect(alias: str) -> float:
    """Return the seconds that connecting to `alias` may take; infinity without a limit."""
    seconds = _within.get() or math.inf
    if alias in routing().replicas and conf().replica_timeout and current_decision():
        seconds = min(seconds, conf().replica_timeout / 1000)
    return seconds


def question_limit(is_suspect: bool) -> float:
    """Return the seconds that a server has for a small question: half as many while somebody waits for it already."""
    return conf().replica_timeout / (2000 if is_suspect else 1000)


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
