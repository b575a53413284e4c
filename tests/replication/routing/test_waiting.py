"""wait_for_replicas, as a function and as a command; and replication_status."""

import json
from contextlib import contextmanager

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from routing.bookmarks import ReplicasBehind, wait_for_replicas
from routing.wal import fetch_flushed, fetch_replayed
from tests.support.drivers import leave_pools
from tests.support.factories import SectionFactory

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])


def test_it_returns_once_every_replica_has_the_present_position():
    SectionFactory()
    position = wait_for_replicas(timeout=10)
    assert all(position.is_reached_by(fetch_replayed(alias).position) for alias in ("replica1", "replica2"))


def test_it_says_which_replica_is_behind(replay_paused):
    with replay_paused("replica2"):
        SectionFactory()
        with pytest.raises(ReplicasBehind, match=r"After 0.2 s, not replayed to 1:\S+: replica2: at 1:"):
            wait_for_replicas(timeout=0.2)


def test_one_replica_may_be_enough(replay_paused):
    with replay_paused("replica2"):
        SectionFactory()
        assert wait_for_replicas(timeout=10, any_one=True) == fetch_flushed()


def test_the_command_says_so_and_fails_when_the_time_is_over(replay_paused, capsys):
    call_command("wait_for_replicas")
    assert "All replicas have replayed 1:" in capsys.readouterr().out
    with replay_paused("replica1"):
        SectionFactory()
        with pytest.raises(CommandError, match="replica1: at 1:.*See manage.py replication_status"):
            call_command("wait_for_replicas", timeout=0.1)


def test_the_status_shows_who_is_behind(replay_paused, capsys):
    with replay_paused("replica1"):
        SectionFactory()
        wait_for_replicas(timeout=10, any_one=True)
        call_command("replication_status", json=True)
        primary, one, two = json.loads(capsys.readouterr().out)
    assert (primary["role"], one["role"], two["role"]) == ("primary", "replica", "replica")
    assert one["bytes_behind"] > 0, (primary, one, two)
    assert one["seconds_behind"] > 0
    assert (two["bytes_behind"], two["seconds_behind"]) == (0, 0.0)
    assert one["streaming"]


def test_an_idle_replica_is_never_behind(capsys):
    wait_for_replicas(timeout=10)
    call_command("replication_status")
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["database", "role", "position", "streaming", "bytes", "behind", "seconds", "behind"]
    assert [line.split()[-2:] for line in lines[2:]] == [["0", "0.0"], ["0", "0.0"]]


def test_a_node_that_does_not_answer_is_reported(monkeypatch):
    monkeypatch.setitem(connections["replica2"].settings_dict, "PORT", "1")
    leave_pools("replica2")
    with pytest.raises(CommandError, match="replica2: .*[Cc]onnection refused"):
        call_command("replication_status")
    with pytest.raises(ReplicasBehind, match="replica2: .*[Cc]onnection refused"):
        wait_for_replicas(timeout=0)
    leave_pools("replica2")


@contextmanager
def exchanged(alias, other):
    """The settings of a database name the server of another: what a mistake, or a promotion, makes."""
    place = {name: connections[other].settings_dict[name] for name in ("HOST", "PORT", "OPTIONS", "USER", "PASSWORD")}
    before = {name: connections[alias].settings_dict[name] for name in place}
    leave_pools(alias)
    connections[alias].settings_dict.update(place)
    try:
        yield
    finally:
        leave_pools(alias)
        connections[alias].settings_dict.update(before)


def test_a_replica_that_is_a_primary_is_reported():
    with exchanged("replica2", "default"):
        with pytest.raises(CommandError, match="replica2: this is a replica's alias, but the server is a prim"):
            call_command("replication_status")
        with pytest.raises(CommandError, match="replica2: not a replica"):
            call_command("wait_for_replicas", timeout=0)


def test_a_primary_that_is_a_replica_is_reported():
    with exchanged("default", "replica1"):
        with pytest.raises(CommandError, match="default: this is the primary's alias, but the server is a repl"):
            call_command("replication_status")
        with pytest.raises(CommandError, match="The primary does not answer"):
            call_command("wait_for_replicas", timeout=0)
