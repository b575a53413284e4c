"""Django's pool, with psycopg 3: what it hands out lives, is no old primary's, and is known again."""

import time

import pytest
from django.conf import settings
from django.db import OperationalError, connections

from cluster import faults
from cluster.promotion import promote
from routing.position import Position
from routing.pytest_plugin import assert_queries
from routing.survival.watchers import look
from routing.wal import fetch_replayed, forget_servers, hear_of, last_known
from tests.faults.under_load.breaking import end_connections
from tests.support.drivers import leave_pools

pytestmark = [
    pytest.mark.skipif(settings.DRIVER != "psycopg3-pool", reason="DRIVER=psycopg3-pool runs these"),
    pytest.mark.urls("tests.support.routing_urls"),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]


def check_out(alias):
    connections[alias].close()
    connections[alias].ensure_connection()
    return connections[alias].connection


@pytest.fixture(autouse=True)
def _new_pools(whole_again):
    leave_pools()


def test_what_is_known_of_a_connection_is_known_when_it_is_handed_out_again():
    for _ in range(4):  # until each connection in the pool has been asked
        place = fetch_replayed("replica1")
        connections["replica1"].close()  # as at the end of each request
    with assert_queries():
        assert last_known("replica1") == place


def test_a_connection_that_ended_in_the_pool_is_not_handed_out(cluster):
    old = check_out("replica1")
    connections["replica1"].close()
    end_connections(cluster, "replica1")
    with connections["replica1"].cursor() as cursor:
        cursor.execute("SELECT 1")
    assert connections["replica1"].connection is not old
    assert old.closed


def test_connections_of_a_frozen_server_are_thrown_away_and_it_is_used_again_at_once(cluster, in_a_new_thread):
    old = check_out("replica1")
    connections["replica1"].close()
    faults.freeze(cluster, "replica1")
    assert in_a_new_thread(lambda: look("replica1")).startswith("no answer")
    faults.thaw(cluster, "replica1")
    start = time.monotonic()
    assert check_out("replica1") is not old
    assert time.monotonic() - start < 1


def test_a_pool_that_is_used_up_is_no_frozen_server(in_a_new_thread):
    pool = connections["replica1"].pool
    check_out("replica1")
    others = [pool.getconn() for _ in range(pool.max_size - 1)]
    try:
        assert in_a_new_thread(lambda: look("replica1")) == ""
        assert not any(raw.closed for raw in others)
    finally:
        for raw in others:
            pool.putconn(raw)


def test_a_server_that_is_gone_is_told_at_once_and_not_when_the_pools_time_is_up(cluster):
    faults.kill(cluster, "primary")
    leave_pools()
    start = time.monotonic()
    with pytest.raises(OperationalError, match=f"{cluster.primary.port} failed: Connection refused"):
        check_out("default")
    assert time.monotonic() - start < 1  # and not five


@pytest.fixture
def pool(own, monkeypatch):
    """The pool of `default` on a cluster that a test may promote, with two connections in it."""
    forget_servers()
    own.up()
    ports = ",".join(str(node.port) for node in own.nodes.values())
    moved = {"NAME": "newspaper", "HOST": ",".join(["127.0.0.1"] * 3), "PORT": ports}
    monkeypatch.setattr(connections["default"], "settings_dict", connections["default"].settings_dict | moved)
    pool = connections["default"].pool
    check_out("default")
    pool.putconn(pool.getconn())
    assert port() == own.node("primary").port
    yield pool
    leave_pools()
    forget_servers()


def port():
    raw = check_out("default")
    connections["default"].close()
    return raw.info.port


def test_a_promotion_empties_the_primarys_pool_although_the_old_one_lives_on(own, pool):
    assert own.node("replica1").ask("SELECT pg_promote()") == (True,)
    hear_of(Position(2, 0))  # as from a replica, or a bookmark
    assert {port() for _ in range(6)} == {own.node("replica1").port}
    assert own.node("primary").ask("SELECT count(*) FROM pg_stat_activity WHERE usename = 'app'") == (0,)
    assert connections["default"].pool is pool


def test_an_old_primary_that_is_started_again_gets_no_connection(own, pool):
    faults.kill(own, "primary")
    promote(own, "replica1")
    assert port() == own.node("replica1").port
    faults.start(own, "primary")  # it takes writes, and stands first in the list
    end_connections(own, "replica1")
    assert {port() for _ in range(6)} == {own.node("replica1").port}
    faults.kill(own, "replica1")
    with pytest.raises(OperationalError, match="old primary: it is on timeline 1, and 2 has been seen"):
        check_out("default")
