"""Puts a replica's session into the state that a request's rows depend on: search_path, a role, variables.

A middleware that does `connection.set_tenant(…)` or `SELECT set_config('app.tenant', …)` does it on the primary's
connection. `ROUTING["REPLICA_SETUP"]` names a function `(connection, request)` that does the same on a replica: it is
called before a request first uses that connection, and again if Django connects anew. If it returns False, it cannot
tell yet (the middleware has still to find the tenant), and is called again before the next statement.

In a block of `with replica():` outside of any request, `request` is None. So it is for `.using()` if a request before
has left its state in the connection.
"""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.utils.module_loading import import_string

from .conf import conf, kept_until_change
from .decision import current_decision
from .overrides import current_override


class _Moment:
    """Stands for one request; or, as one that nobody has, for a state that is not to be relied on."""


@kept_until_change("ROUTING")
def _setup() -> Callable[[Any, Any], Any] | None:
    path = conf().replica_setup
    function: Callable[[Any, Any], Any] | None = import_string(path) if path else None
    return function


def watch_new_connection(*, connection: Any, **kwargs: Any) -> None:
    """Receive connection_created: Django may already be on its way to the first statement."""
    if connection.alias not in conf().replicas or not conf().replica_setup:
        return
    if not isinstance(connection._cursor, partial):
        connection._cursor = partial(_cursor, connection, connection._cursor)
        connection._set_up_for = None
    elif connection._set_up_for is not None:
        connection._set_up_for = _Moment()  # it was for the connection before
    _set_up(connection)


def _cursor(connection: Any, make: Callable[..., Any], name: str | None = None) -> Any:
    connection.ensure_connection()
    _set_up(connection)
    return make(name)


def _set_up(connection: Any) -> None:
    """Call the function, if it has not been called for this connection and this request."""
    decision, override = current_decision(), current_override()
    moment = decision.note(_Moment) if decision else override
    if moment is connection._set_up_for or (setup := _setup()) is None:
        return
    connection._set_up_for = moment  # its own statements come by here, too
    is_done = False
    try:
        is_done = setup(connection, decision.request if decision else None) is not False
    finally:
        if not is_done:
            connection._set_up_for = _Moment()
