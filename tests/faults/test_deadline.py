"""A frozen server: whatever one waits for has its limit, in whichever process."""

import io
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import psycopg2
import pytest
from django.db import connections

from cluster import faults
from routing import hosts
from routing.deadline import Connection, TimedOut, within

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])
LIMIT = 0.3
ROWS = "SELECT generate_series(1, 10000)"


def statement(connection):
    cursor = connection.cursor()
    return lambda: cursor.execute("SELECT 1")


def many(connection):
    cursor = connection.cursor()
    return lambda: cursor.executemany("SELECT %s", [(1,), (2,)])


def procedure(connection):
    cursor = connection.cursor()
    return lambda: cursor.callproc("pg_backend_pid")


def copy(connection):
    cursor = connection.cursor()
    cursor.copy_expert(f"COPY ({ROWS}) TO STDOUT", everything := io.StringIO())
    assert everything.getvalue().endswith("\n10000\n")
    return lambda: cursor.copy_expert(f"COPY ({ROWS}) TO STDOUT", io.StringIO())


def commit(connection):
    connection.autocommit = False
    connection.cursor().execute("SELECT 1")
    return connection.commit


def rollback(connection):
    connection.autocommit = False
    connection.cursor().execute("SELECT 1")
    return connection.rollback


def server_side(connection):
    cursor = connection.cursor("of_the_server", withhold=True)
    cursor.execute(ROWS)
    assert cursor.fetchone() == (1,)
    return cursor


WAYS = {
    "statement": statement,
    "many": many,
    "procedure": procedure,
    "COPY": copy,
    "copy_to": lambda connection: partial(connection.cursor().copy_to, io.StringIO(), "backoffice_section"),
    "commit": commit,
    "rollback": rollback,
    "fetchone": lambda connection: server_side(connection).fetchone,
    "fetchmany": lambda connection: partial(server_side(connection).fetchmany, 100),
    "fetchall": lambda connection: server_side(connection).fetchall,
    "scroll": lambda connection: partial(server_side(connection).scroll, 5),
    "iteration": lambda connection: partial(list, server_side(connection)),
    "close": lambda connection: server_side(connection).close,
}


@pytest.fixture
def freeze(cluster):
    """A function that freezes a server; for a few seconds, lest a limit that is not kept hang the tests."""
    thaw = threading.Timer(3, lambda: [faults.thaw(cluster, name) for name in cluster.nodes])

    def freezes(name="replica1"):
        faults.freeze(cluster, name)
        thaw.start()

    yield freezes
    thaw.cancel()


@pytest.fixture
def replica1(whole_again):
    connections["replica1"].close()
    connections["replica1"].ensure_connection()
    return connections["replica1"].connection


def seconds_until_timed_out(ask, limit=LIMIT):
    start = time.monotonic()
    with within(limit), pytest.raises(TimedOut, match=f"has not answered within {limit:g} seconds"):
        ask()
    return time.monotonic() - start


@pytest.mark.parametrize("way", WAYS)
def test_whatever_one_waits_for_has_its_limit(way, replica1, freeze):
    ask = WAYS[way](replica1)
    freeze()
    assert LIMIT <= seconds_until_timed_out(ask) < LIMIT + 0.2
    assert replica1.closed


def test_a_server_side_cursor_of_the_orm_has_its_limit(replica1, freeze):
    """What queryset.iterator() reads after its first rows."""
    with connections["replica1"].chunked_cursor() as cursor:
        cursor.execute(ROWS)
        cursor.fetchmany(100)
        freeze()
        start = time.monotonic()
        with within(LIMIT), pytest.raises(Exception, match="has not answered within"):
            cursor.fetchmany(100)
    assert time.monotonic() - start < LIMIT + 0.2


@pytest.mark.parametrize("limit", [0.02, 0.1, 0.5])
def test_the_limit_is_kept_however_short(limit, replica1, freeze):
    with within(5):
        replica1.cursor().execute("SELECT 1")  # who has plenty of time does not decide when the next look is
    freeze()
    assert limit <= seconds_until_timed_out(statement(replica1), limit) < limit + 0.1


def test_a_statement_in_time_is_let_alone_and_so_is_the_next(replica1):
    with within(LIMIT):
        replica1.cursor().execute(f"SELECT pg_sleep({LIMIT / 2})")
    replica1.cursor().execute(f"SELECT pg_sleep({LIMIT})")  # without a limit
    assert not replica1.closed


def test_a_server_that_is_merely_slow_is_left_too(replica1):
    assert LIMIT <= seconds_until_timed_out(lambda: replica1.cursor().execute("SELECT pg_sleep(2)")) < LIMIT + 0.2


def test_whoever_is_connecting_hears_of_our_clock_and_not_of_libpqs(whole_again, freeze):
    """Whose limit is of whole seconds too: with the same, either may be the first, and under load is."""
    freeze()

    def problem(_):
        with within(1), pytest.raises(psycopg2.OperationalError) as failure:
            connections.create_connection("replica1").connect()
        return str(failure.value)

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(problem, range(20))) == {"the server has not answered within 1 seconds"}


def test_a_primary_that_freezes_once_it_is_connected_to_has_its_limit(cluster, whole_again, freeze):
    """As one that is frozen behind PgBouncer: that accepts whoever connects, and the first question waits."""

    def connect(dsn):
        connection = Connection(dsn)
        freeze("primary")
        return connection

    with within(LIMIT), pytest.raises(psycopg2.OperationalError, match=f"has not answered within {LIMIT} seconds"):
        hosts.connect(cluster.node("primary").url("app"), connect)


def test_a_forked_process_has_a_watchdog_of_its_own(replica1, freeze):
    with within(LIMIT):
        replica1.cursor().execute("SELECT 1")  # this process has one now
    freeze()
    if (child := os.fork()) == 0:
        signal.alarm(5)  # which ends it, if nothing else does
        try:
            with within(LIMIT):
                replica1.cursor().execute("SELECT 1")
        except TimedOut:
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_other_connections_of_the_process_are_as_without_us(cluster, freeze, whole_again):
    """psycopg2.connect() by anybody else: libpq's own connect_timeout."""
    freeze()
    with pytest.raises(psycopg2.OperationalError, match="timeout expired"):
        psycopg2.connect(cluster.node("replica1").url("reader"), connect_timeout=1)
