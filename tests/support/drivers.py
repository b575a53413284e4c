"""What tests need to know of the driver that they run with: DRIVER, in tests/settings.py."""

from django.db import connections
from django.db.backends.postgresql.base import Database as driver
from django.db.backends.postgresql.psycopg_any import is_psycopg3

__all__ = ["driver", "is_psycopg3", "leave_pools"]


def leave_pools(*aliases):
    """With a pool: the next connection is a new one, made with the settings as they are then."""
    for alias in aliases or connections:
        connection = connections[alias]
        connection.close()
        pools = type(connection)._connection_pools
        if pool := pools.pop(alias, None):
            pool.close()
