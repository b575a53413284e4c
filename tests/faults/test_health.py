"""Which replicas are left out, why, and when they come back. The watchers' looks are taken here one by one."""

import logging
import threading

import pytest
from django.db import connections

from backoffice.models import Section
from cluster import faults
from cluster.replay import wait_until
from routing.layer import choose_replica
from routing.survival import health, watchers

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])
BOTH = {"replica1", "replica2"}


@pytest.fixture(autouse=True)
def _afresh(settings, whole_again):
    settings.ROUTING = settings.ROUTING | {"MAX_LAG": 10}  # and with it all that is known is forgotten


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands still until it is moved on: `clock(seconds)`."""
    now = [1000.0]
    monkeypatch.setattr(health, "monotonic", lambda: now[0])

    def move_on(seconds):
        now[0] += seconds

    return move_on


def look(*names):
    """What a watcher does, in a thread of its name."""

    def watch(name):
        health.report(name, watchers.look(name))
        connections.close_all()

    for name in names or sorted(BOTH):
        thread = threading.Thread(target=watch, args=[name], name=f"routing-{name}")
        thread.start()
        thread.join()


def in_service():
    return {name for name in BOTH if health.is_fit(name)}


def write(cluster, *replayed_by):
    Section.objects.create(name=f"{Section.objects.count()}", slug=f"{Section.objects.count()}")
    for name in replayed_by:
        cluster.wait_until_replayed(name)


def wait_until_received(cluster, name):
    position = cluster.primary.ask("SELECT pg_current_wal_flush_lsn()")[0]
    sql = f"SELECT pg_last_wal_receive_lsn() >= '{position}'::pg_lsn"
    wait_until(lambda: cluster.node(name).ask(sql)[0], f"{name} to receive")


def test_who_lags_more_than_max_lag_is_left_out_until_it_has_caught_up(cluster, clock, replay_paused, caplog):
    with caplog.at_level(logging.WARNING, "routing"), replay_paused("replica1"):
        write(cluster, "replica2")
        wait_until_received(cluster, "replica1")
        look()
        clock(9)
        look()
        assert in_service() == BOTH
        clock(2)
        for _ in range(3):
            look()
        assert in_service() == {"replica2"}
        assert {choose_replica() for _ in range(20)} == {"replica2"}
    cluster.wait_until_replayed("replica1")
    look()
    assert in_service() == BOTH
    assert [record.getMessage() for record in caplog.records] == [
        "replica1 is left out: more than 10 s behind",
        "replica1 is back",
    ]
    assert [record.replica for record in caplog.records] == ["replica1", "replica1"]


def test_a_replica_whose_stream_is_cut_lags_although_it_has_replayed_all_it_received(cluster, clock):
    replica = cluster.node("replica1")
    right = replica.ask("SHOW primary_conninfo")[0]
    replica.ask("ALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 port=1'")
    replica.ask("SELECT pg_reload_conf()")
    try:
        wait_until(lambda: not replica.ask("SELECT 1 FROM pg_stat_wal_receiver"), "the stream to end")
        write(cluster, "replica2")
        look("replica1")  # which asks the primary itself: the other replica may be cut off too
        clock(11)
        look("replica1")
        assert in_service() == {"replica2"}
    finally:
        replica.ask("ALTER SYSTEM RESET primary_conninfo")
        replica.ask("SELECT pg_reload_conf()")
    assert replica.ask("SHOW primary_conninfo")[0] == right
    cluster.wait_until_replayed("replica1")
    look("replica1")
    assert in_service() == BOTH


def test_nobody_is_left_out_because_the_primary_is_gone(cluster, clock):
    write(cluster, *BOTH)
    look()
    faults.kill(cluster, "primary")
    wait_until(lambda: not cluster.node("replica1").ask("SELECT 1 FROM pg_stat_wal_receiver"), "the stream to end")
    for _ in range(3):
        clock(60)
        look()
    assert in_service() == BOTH


@pytest.mark.parametrize("break_", [faults.kill, faults.freeze])
def test_who_does_not_answer_is_left_out_and_comes_back_when_it_does(break_, cluster):
    look()
    break_(cluster, "replica1")
    look()
    assert in_service() == {"replica2"}
    if cluster.node("replica1").process():
        faults.thaw(cluster, "replica1")
    else:
        faults.start(cluster, "replica1")
    cluster.wait_until_replayed("replica1")
    look()
    assert in_service() == BOTH


def test_who_answers_again_and_has_not_caught_up_stays_out(cluster, replay_paused):
    look()
    faults.freeze(cluster, "replica1")
    look()
    with replay_paused("replica2"):
        faults.thaw(cluster, "replica1")
        cluster.pause("replica1")
        try:
            write(cluster)
            wait_until_received(cluster, "replica2")
            look()
            assert in_service() == {"replica2"}
        finally:
            cluster.resume("replica1")
        cluster.wait_until_replayed("replica1")
        look()
        assert in_service() == BOTH


def test_who_leaves_again_and_again_has_to_be_well_for_longer():
    looks = []
    for _ in range(5):
        health.report("replica1", "ill")
        count = 0
        while not health.is_fit("replica1"):
            health.report("replica1", "")
            count += 1
        looks.append(count)
    assert looks == [1, 2, 4, 8, 8]


def test_a_request_in_trouble_has_the_replica_looked_at_at_once(settings):
    settings.ROUTING = settings.ROUTING | {"PROBE_INTERVAL": 60}
    watchers._watched_by = watchers.os.getpid()  # no watchers here
    try:
        watchers.look_soon("replica1")
        assert health.health_of("replica1").wake.is_set()
        assert in_service() == BOTH  # it is a suspicion, and no verdict
    finally:
        watchers._watched_by = None


def test_a_server_that_takes_writes_is_no_replica(settings, cluster):
    settings.ROUTING = settings.ROUTING | {"REPLICAS": ["replica1"], "PRIMARY": "replica2"}
    real = connections["replica1"].settings_dict["PORT"]
    connections["replica1"].settings_dict["PORT"] = str(cluster.primary.port)
    try:
        look("replica1")
    finally:
        connections["replica1"].settings_dict["PORT"] = real
    assert health.problems() == {"replica1": "it is not a replica: it takes writes"}
