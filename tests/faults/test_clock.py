"""A frozen server: nobody waits for it longer than its limit, whatever they wait for, in whichever process."""

import io
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import Error, connections

from cluster import faults
from routing.survival import primary
from routing.survival.clock import within
from routing.survival.watchdog import TimedOut
from routing.survival.watchers import look, look_soon
from tests.support.drivers import driver, is_psycopg3, leave_pools

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
    # psycopg 3 complains of a server-side cursor that nobody closed: here its connection broke.
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]
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


def copy_of_psycopg3(connection):
    def rows():
        with connection.cursor().copy(f"COPY ({ROWS}) TO STDOUT") as copy:
            return list(copy.rows())

    assert rows()[-1] == ("10000",)
    return rows


def pipeline(connection):
    def two():
        with connection.pipeline(), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            cursor.execute("SELECT 2")

    return two


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


# What code may wait for on the driver's own connection, past Django.
WAYS = {
    "statement": statement,
    "many": many,
    "COPY": copy_of_psycopg3 if is_psycopg3 else copy,
    "commit": commit,
    "rollback": rollback,
    "fetchone": lambda connection: server_side(connection).fetchone,
    "fetchmany": lambda connection: partial(server_side(connection).fetchmany, 100),
    "fetchall": lambda connection: server_side(connection).fetchall,
    "scroll": lambda connection: partial(server_side(connection).scroll, 5),
    "iteration": lambda connection: partial(list, server_side(connection)),
    "close": lambda connection: server_side(connection).close,
}
if is_psycopg3:
    WAYS["pipeline"] = pipeline
else:
    WAYS["procedure"] = procedure
    WAYS["copy_to"] = lambda connection: partial(connection.cursor().copy_to, io.StringIO(), "backoffice_section")


@pytest.fixture
def freeze(cluster):
    """A function that freezes a server; for a few seconds, lest a limit that is not kept hang the tests."""
    thaw = threading.Timer(8, lambda: [faults.thaw(cluster, name) for name in cluster.nodes])

    def freezes(name="replica1"):
        faults.freeze(cluster, name)
        thaw.start()

    yield freezes
    thaw.cancel()


@pytest.fixture
def replica1(whole_again):
    connections["replica1"].close()
    connections["replica1"].ensure_connection()
    return connections["replica1"]


def ask(connection, sql="SELECT 1"):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def seconds_until_timed_out(action, limit=LIMIT):
    start = time.monotonic()
    with within(limit), pytest.raises(TimedOut, match=f"has not answered within {limit:g} seconds"):
        action()
    return time.monotonic() - start


@pytest.mark.parametrize("way", WAYS)
def test_once_a_server_is_found_frozen_nobody_waits_for_it(way, replica1, freeze, in_a_new_thread):
    """Whatever they wait for: its sockets are shut down. The look is what a watcher takes."""
    wait = WAYS[way](replica1.connection)
    freeze()
    looks = threading.Timer(0.1, lambda: (look("replica1"), connections.close_all()))
    looks.start()
    start = time.monotonic()
    with pytest.raises(driver.Error):
        wait()
    assert 0.1 <= time.monotonic() - start < 0.1 + 0.2 + 0.25  # a small question has half of REPLICA_TIMEOUT
    looks.join()


def test_a_server_side_cursor_of_the_orm_is_freed_too(replica1, freeze):
    """What queryset.iterator() reads after its first rows."""
    with replica1.chunked_cursor() as cursor:
        cursor.execute(ROWS)
        cursor.fetchmany(100)
        freeze()
        threading.Timer(0.1, look_soon, ["replica1"]).start()
        with pytest.raises(Error):
            cursor.fetchmany(100)


@pytest.mark.parametrize("limit", [0.02, 0.1, 0.5])
def test_within_is_kept_however_short(limit, replica1, freeze):
    with within(5):
        ask(replica1)  # who has plenty of time does not decide when the next look is
    freeze()
    assert limit <= seconds_until_timed_out(lambda: ask(replica1), limit) < limit + 0.1
    assert replica1.connection.closed


def test_a_statement_in_time_is_let_alone_and_so_is_the_next(replica1):
    with within(LIMIT):
        ask(replica1, f"SELECT pg_sleep({LIMIT / 2})")
    ask(replica1, f"SELECT pg_sleep({LIMIT})")  # without a limit
    assert not replica1.connection.closed


def test_a_server_that_is_merely_slow_is_left_too(replica1):
    assert LIMIT <= seconds_until_timed_out(lambda: ask(replica1, "SELECT pg_sleep(2)")) < LIMIT + 0.2


def test_whoever_is_connecting_hears_of_our_clock_and_not_of_libpqs(whole_again, freeze):
    """Whose limit is of whole seconds too: with the same, either may be the first, and under load is."""
    freeze()

    leave_pools()

    def problem(_):
        with within(1), pytest.raises(Error) as failure:
            connections.create_connection("replica1").ensure_connection()
        return str(failure.value)

    with ThreadPoolExecutor(20) as pool:
        assert set(pool.map(problem, range(20))) == {"the server has not answered within 1 seconds"}


def test_a_primary_that_freezes_once_it_is_connected_to_has_its_limit(whole_again, freeze, monkeypatch):
    """As one that is frozen behind PgBouncer: that accepts whoever connects, and the first question waits."""
    fetch_timeline = primary._fetch_timeline

    frozen = []

    def freeze_and_ask(raw):
        if not frozen:  # a pool may connect several times
            frozen.append(freeze("primary"))
        return fetch_timeline(raw)

    leave_pools()
    monkeypatch.setattr(primary, "_fetch_timeline", freeze_and_ask)
    with within(LIMIT), pytest.raises(Error, match=f"has not answered within {LIMIT} seconds"):
        connections.create_connection("default").ensure_connection()


def test_a_forked_process_has_a_clock_of_its_own(replica1, freeze):
    with within(LIMIT):
        ask(replica1)  # this process has one now
    freeze()
    if (child := os.fork()) == 0:
        signal.alarm(5)  # which ends it, if nothing else does
        try:
            with within(LIMIT):
                ask(replica1)
        except TimedOut:
            os._exit(0)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def test_other_connections_of_the_process_are_as_without_us(cluster, freeze, whole_again):
    """driver.connect() by anybody else: libpq's own connect_timeout."""
    freeze()
    with pytest.raises(driver.OperationalError, match="timeout expired"):
        driver.connect(cluster.node("replica1").url("reader"), connect_timeout=1)


def test_no_class_and_no_setting_is_changed():
    """An instrumentation subclasses what it finds, and settings are written out."""
    connection = connections.create_connection("replica1")
    connection.ensure_connection()
    assert type(connection.connection) is (driver.Connection if is_psycopg3 else driver.extensions.connection)
    assert isinstance(connection.connection.cursor_factory, type | None)
    assert not any(callable(value) for value in connections.settings["replica1"]["OPTIONS"].values())
    connection.close()
