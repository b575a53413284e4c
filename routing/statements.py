"""Watches each statement that a request sends to the primary: does it write, and how long does it take?"""

import re
from collections.abc import Callable
from time import perf_counter
from typing import Any, NamedTuple

from django.db.backends.base.base import BaseDatabaseWrapper

from .conf import conf
from .cursors import watch_cursors
from .decision import current_decision
from .guard import note_write
from .layer import layers
from .reasons import Reason

# Every statement is a write except these; WITH is one if any part of it writes. (A SELECT of a function that writes
# looks like any other: run it in `with primary():`, or in a transaction.)
_READS = re.compile(
    r"(?:\s|\(|/\*.*?\*/|--[^\n]*\n)*"
    r"(?:SELECT|SHOW|EXPLAIN|VALUES|TABLE|SET|RESET|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|DECLARE|FETCH"
    r"|CLOSE|LOCK|DISCARD|LISTEN|UNLISTEN|PRAGMA|WITH(?!.*\b(INSERT|UPDATE|DELETE|MERGE)\b))\b",
    re.IGNORECASE | re.DOTALL,
)


class Statement(NamedTuple):
    """A statement that ran: where, why, and for how long. Its parameters are not kept."""

    alias: str
    reason: Reason
    sql: str
    milliseconds: float


def is_write(sql: str) -> bool:
    """Return whether a statement may change what others read."""
    return not _READS.match(sql)


def watch_connection(*, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Receive connection_created: watch what this connection runs, for as long as its thread keeps it.

    A replica's statements are watched only if a layer asks for it.
    """
    alias = connection.alias
    if alias == conf().primary:
        watch(connection)
        watch_cursors(connection)
    elif alias in conf().replicas and any(watches() for watches in layers().watches_replicas):
        watch(connection)


def watch(connection: BaseDatabaseWrapper) -> None:
    """Watch what `connection` runs from now on."""
    if watch_statement not in connection.execute_wrappers:
        # First, not last: `with connection.execute_wrapper(…)` removes the last one, whichever it is.
        connection.execute_wrappers.insert(0, watch_statement)


def watch_statement(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Run a statement. If it writes, say so to the guard and to the decision; tell the layers that it ran."""
    decision = current_decision()
    if decision is None:
        return execute(sql, params, many, context)
    connection = context["connection"]
    alias = connection.alias
    text = sql.as_string(connection.connection) if hasattr(sql, "as_string") else sql
    if alias == conf().primary and is_write(text):
        note_write(decision, text)
        decision.because(alias, Reason.WRITE)  # even if it is the second of a save, or raw SQL
    start = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        statement = Statement(alias, decision.take_reason(alias), text, (perf_counter() - start) * 1000)
        for ran in layers().ran:
            ran(decision, statement)
