"""The questions that psycopg2 and psycopg 3 answer differently.

Nothing is read with a default: if a driver lacks what is asked for, that shows at once.
"""

import select
from typing import Any

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


def is_lost(alias: str) -> bool:
    """Return whether this thread's connection to `alias` broke, or couldn't be made, as Django has recorded."""
    connection = connections[alias]
    if not connection.errors_occurred or connection.connection is None:
        return connection.errors_occurred
    # A number in psycopg2, a truth in psycopg 3. SQLite's are never lost.
    return connection.vendor == "postgresql" and bool(connection.connection.closed)


def sqlstate(exception: BaseException | None) -> str | None:
    """Return the five characters by which PostgreSQL names an error; None if the server didn't send any.

    Raises LookupError if the exception does not come from a driver.
    """
    for name in ("sqlstate", "pgcode"):
        if hasattr(exception, name):
            code: str | None = getattr(exception, name)
            return code
    raise LookupError("not an exception of a database driver")


def has_input(raw: Any) -> bool:
    """Return whether a driver's connection has something to read: an answer, or its end."""
    poll = select.poll()  # select.select() knows no descriptor above 1023
    poll.register(raw.fileno(), select.POLLIN)
    return bool(poll.poll(0))


def pool_of(connection: BaseDatabaseWrapper) -> Any | None:
    """Return the pool of psycopg 3 that OPTIONS["pool"] gives all threads of this process; None without one."""
    return connection.pool if connection.vendor == "postgresql" else None  # type: ignore[attr-defined]


def leave_pool(connection: BaseDatabaseWrapper) -> None:
    """Let this thread connect by itself: whether a server lives must not depend on who uses up the pool."""
    options = {key: value for key, value in connection.settings_dict["OPTIONS"].items() if key != "pool"}
    if options != connection.settings_dict["OPTIONS"]:
        connection.close()
        connection.settings_dict = {**connection.settings_dict, "OPTIONS": options}


def throw_away(raw: Any) -> None:
    """Close a connection that its pool has handed out, and have the pool make another."""
    pool = raw._pool
    raw.pgconn.finish()  # close() may mean to give it back
    pool.putconn(raw)
