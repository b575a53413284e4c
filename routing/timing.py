"""Measures the SQL of a request, for Server-Timing. Nothing of it runs unless ROUTING["EXPLAIN"] is on."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from .conf import conf
from .route import Route, current_route


def watch(*, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Receive connection_created: see every statement that this connection runs, for as long as it lives."""
    if conf().explain and _measure not in connection.execute_wrappers:
        connection.execute_wrappers.append(_measure)


def _measure(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    route = current_route()
    if route is None:
        return execute(sql, params, many, context)
    start = perf_counter()
    try:
        return execute(sql, params, many, context)
    finally:
        route.add_time(context["connection"].alias, (perf_counter() - start) * 1000)


def server_timing(route: Route) -> str:
    """Return the header's value: one entry for each alias and reason, with the milliseconds of its SQL."""
    return ", ".join(
        f'{alias};desc="{reason}";dur={milliseconds:.1f}'
        for (alias, reason), milliseconds in route.timings.items()
    )
