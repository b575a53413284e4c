"""The cases of docs/race.html that break servers: a promotion that loses a save, and a server that freezes."""

import threading

import pytest
from django.core.management import call_command
from django.db import connections

from cluster import faults
from cluster.promotion import promote
from cluster.replay import wait_until
from routing.position import Position
from tests.support.race_table import Race, cases

_FLUSHED = "SELECT pg_current_wal_flush_lsn() - '0/0'::pg_lsn"
_STREAMS = "SELECT EXISTS (SELECT FROM pg_stat_replication WHERE application_name = 'replica2')"


def of(step):
    chosen = [case for case in cases(breaks=True) if case["step"] == step]
    return pytest.mark.parametrize("case", chosen, ids=lambda case: case["case"])


@pytest.mark.urls("tests.support.race_site")
@pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])
@of("a-frozen-server")
def test_a_server_freezes(case, cluster, whole_again, wait_until_replayed, monkeypatch, settings):
    threads = []

    def world(verb, what):
        if verb == "freeze":
            faults.freeze(cluster, what)
        if verb == "hangs":
            threads.append(threading.Thread(target=what))
            threads[-1].start()
            threads[-1].join(1)  # seconds; far more than a page takes, and less than connecting to it may
            return {"sees": "nothing" if threads[-1].is_alive() else "a page"}

    race = Race(case, world, monkeypatch, settings)
    race.prepare()
    wait_until_replayed()
    race.use_router()
    try:
        assert race.play() == []
    finally:
        faults.thaw(cluster, "replica1")
        for thread in threads:
            thread.join()


@pytest.fixture
def elsewhere(own, monkeypatch, settings, django_db_blocker):
    """Django reads and writes on a cluster of its own, which may be broken."""
    own.up()
    settings.ROUTING = {**settings.ROUTING}  # forgets what is known of the other cluster
    ports = ",".join(str(node.port) for node in own.nodes.values())
    moved = {"default": ports, "replica1": own.node("replica1").port, "replica2": own.node("replica2").port}
    with django_db_blocker.unblock():
        connections.close_all()
        for alias, port in moved.items():
            for key, value in {"PORT": port, "NAME": "newspaper"}.items():
                monkeypatch.setitem(connections.settings[alias], key, value)
        call_command("migrate", verbosity=0)
        yield own
        connections.close_all()


@pytest.mark.urls("tests.support.race_site")
@of("a-promotion")
def test_a_promotion_loses_a_save(case, elsewhere, monkeypatch, settings):
    own, saved = elsewhere, []

    def world(verb, what):
        if verb == "cut":
            for name in ("replica1", "replica2"):
                faults.stop(own, name)
        if verb == "promote":
            saved.append(own.primary.ask(_FLUSHED)[0])
            faults.kill(own, "primary")
            for name in ("replica1", "replica2"):
                faults.start(own, name)
            promote(own, "replica1")
            connections.close_all()
            wait_until(lambda: own.primary.ask(_STREAMS) == (True,), "replica2 to follow")
        if verb == "desk":
            while own.primary.ask(_FLUSHED)[0] <= saved[0]:  # the number of the lost save is passed
                race.save_something_else()
            own.wait_until_replayed("replica2")
        if verb == "hold":
            own.pause(what)

    race = Race(case, world, monkeypatch, settings)
    race.prepare()
    for name in ("replica1", "replica2"):
        own.wait_until_replayed(name)
    race.use_router()
    if case["router"] == "bare":
        monkeypatch.setattr(Position, "is_reached_by", lambda self, other: self.lsn <= other.lsn)
    assert race.play() == []
