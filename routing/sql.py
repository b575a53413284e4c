"""Sees every statement of a request on its way to a database: what was written, and what took how long."""

import re
from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from .conf import conf
from .guard import check_write
from .route import Route, current_route
from .signals import statement_ran

# Everything is a write but these; WITH is one if it has a writing part. (A SELECT of a function that writes
# cannot be told from another: run it within `with primary():`, or in a transaction.)
_READS = re.compile(
    r"(?:\s|\(|/\*.*?\*/|--[^\n]*\n)*"
    r"(?:SELECT|SHOW|EXPLAIN|VALUES|TABLE|SET|RESET|SAVEPOINT|RELEASE|ROLLBACK|BEGIN|COMMIT|DECLARE|FETCH"
    r"|CLOSE|LOCK|DISCARD|LISTEN|UNLISTEN|PRAGMA|WITH(?!.*\b(INSERT|UPDATE|DELETE|MERGE)\b))\b",
    re.IGNORECASE | re.DOTALL,
)


def is_write(sql: str) -> bool:
    """Return whether a statement may change what others read."""
    return not _READS.match(sql)


def watch(*, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Receive connection_created: see what this connection runs, for as long as it lives.

    On a replica there is nothing to see, unless the page is to be explained, or somebody counts.
    """
    curious = conf().explain or statement_ran.receivers
    if connection.alias == conf().primary or (curious and connection.alias in conf().replicas):
        see(connection)


def see(connection: BaseDatabaseWrapper) -> None:
    """See what `connection` runs from now on, for as long as its thread keeps it."""
    if _see not in connection.execute_wrappers:
        # First, not last: `with connection.execute_wrapper(…)` takes the last one away, whichever that is.
        connection.execute_wrappers.insert(0, _see)


def _see(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]) -> Any:
    route = current_route()
    if route is None:
        return execute(sql, params, many, context)
    connection = context["connection"]
    alias = connection.alias
    text = sql.as_string(connection.connection) if hasattr(sql, "as_string") else sql
    if alias == conf().primary and is_write(text):
        check_write(route.request, text)
        route.wrote = True
        route.because(alias, "write")  # even if it is the second of a save, or raw SQL
    start = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        route.ran(alias, text, (perf_counter() - start) * 1000)


def server_timing(route: Route) -> str:
    """Return the header's value: one entry for each alias and reason, with the milliseconds of its SQL."""
    return ", ".join(
        f'{alias};desc="{reason}";dur={milliseconds:.1f}' for (alias, reason), milliseconds in route.timings.items()
    )
