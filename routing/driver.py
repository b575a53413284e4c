"""The questions that psycopg2 and psycopg 3 answer differently."""

from django.db import connections


def is_lost(alias: str) -> bool:
    """Return whether this thread's connection to `alias` broke, or couldn't be made, as Django has recorded."""
    connection = connections[alias]
    return connection.errors_occurred and (
        connection.connection is None or bool(getattr(connection.connection, "closed", False))
    )


def sqlstate(exception: BaseException | None) -> str | None:
    """Return the five characters by which PostgreSQL names an error; None if the server didn't send any.

    Raises LookupError if the exception does not come from a driver.
    """
    for name in ("sqlstate", "pgcode"):
        if hasattr(exception, name):
            code: str | None = getattr(exception, name)
            return code
    raise LookupError("not an exception of a database driver")
