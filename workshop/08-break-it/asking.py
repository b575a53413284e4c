"""Asks a server one question, and gives up after a deadline. Nothing here has to be changed."""

import select
import time

import psycopg2
from psycopg2.extensions import POLL_OK, POLL_READ, set_wait_callback


def ask(server, sql, deadline=None):
    """Return the first field of the answer. `deadline` is in seconds; None waits for ever.

    Raises psycopg2.OperationalError if the server is not there, or has not answered by then.
    """

    def wait(connection):
        """What psycopg2 does while it waits, instead of blocking in C."""
        end = None if deadline is None else time.monotonic() + deadline
        while (state := connection.poll()) != POLL_OK:
            left = None if end is None else max(0, end - time.monotonic())
            reads, writes = ([connection], []) if state == POLL_READ else ([], [connection])
            if not any(select.select(reads, writes, [], left)):
                raise psycopg2.OperationalError(f"no answer within {deadline} s")

    set_wait_callback(wait)
    connection = psycopg2.connect(server)
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0]
    finally:
        connection.close()
