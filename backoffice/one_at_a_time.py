"""Work that two processes must not do at once: the second waits for the first, then sees what it wrote."""

from contextlib import contextmanager
from time import sleep

from django.db import connections, router, transaction

from .models import Story


@contextmanager
def one_at_a_time(work):
    """A transaction on the primary that holds the advisory lock named `work` until it ends."""
    alias = router.db_for_write(Story)
    with transaction.atomic(using=alias):
        with connections[alias].cursor() as cursor:
            while not _try_lock(cursor, work):
                # Asking again, and not waiting inside of PostgreSQL: there psycopg2 would not hear a Ctrl-C.
                sleep(0.1)
        yield


def _try_lock(cursor, work):
    cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext(%s))", [f"backoffice.{work}"])
    return cursor.fetchone()[0]
