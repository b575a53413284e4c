"""wait_for_replicas, as a function and as a command; and replication_status."""

import json

import pytest
from django.core.management import CommandError, call_command

from routing import ReplicasBehind, wait_for_replicas
from routing.bookmarks import flushed
from routing.replicas import ask
from tests.factories import SectionFactory

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])


def test_it_returns_once_every_replica_has_the_present_position():
    SectionFactory()
    position = wait_for_replicas(timeout=10)
    assert all(position.is_reached_by(ask(alias).position) for alias in ("replica1", "replica2"))


def test_it_says_which_replica_is_behind(replay_paused):
    with replay_paused("replica2"):
        SectionFactory()
        with pytest.raises(ReplicasBehind, match=r"After 0.2 s, not replayed to 1:\S+: replica2: at 1:"):
            wait_for_replicas(timeout=0.2)


def test_one_replica_may_be_enough(replay_paused):
    with replay_paused("replica2"):
        SectionFactory()
        assert wait_for_replicas(timeout=10, any_one=True) == flushed()


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
    assert one["bytes_behind"] > 0
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
    from django.db import connections

    monkeypatch.setitem(connections["replica2"].settings_dict, "PORT", "1")
    connections["replica2"].close()
    with pytest.raises(CommandError, match="replica2: Connection refused"):
        call_command("replication_status")
    with pytest.raises(ReplicasBehind, match="replica2: Connection refused"):
        wait_for_replicas(timeout=0)
    connections["replica2"].close()
