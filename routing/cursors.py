"""Watches what Django's execute wrappers miss: that the primary is used at all, COPY, and procedures."""

import re
from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from .decision import Decision, current_decision
from .guard import note_write

# Methods of psycopg2's and psycopg 3's cursors that run SQL, with the SQL of their first argument.
_METHODS = {
    "callproc": "CALL {}",
    "copy": "{}",  # psycopg 3
    "copy_expert": "{}",
    "copy_from": "COPY {} FROM STDIN",
}
_COPIES_OUT = re.compile(r"\bTO\s+STDOUT\b", re.IGNORECASE)


def watch_cursors(connection: Any) -> None:
    """Watch the cursors that `connection` makes from now on."""
    if not isinstance(connection._prepare_cursor, partial):
        connection._prepare_cursor = partial(_prepare, connection._prepare_cursor)


def _prepare(prepare: Callable[[Any], Any], cursor: Any) -> Any:
    prepared = prepare(cursor)
    if decision := current_decision():
        decision.used_primary = True
        for name, sql in _METHODS.items():
            if (method := getattr(prepared, name, None)) is not None:
                setattr(prepared, name, _noting(decision, method, sql))
    return prepared


def _noting(decision: Decision, method: Callable[..., Any], sql: str) -> Callable[..., Any]:
    @wraps(method)
    def call(what: Any, *args: Any, **kwargs: Any) -> Any:
        if not _COPIES_OUT.search(text := sql.format(what)):
            note_write(decision, text)
        return method(what, *args, **kwargs)

    return call
