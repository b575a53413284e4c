"""The one measure of lag: two bounds, as far as they are known, and what is not known is said to be not known."""

import re
from contextlib import contextmanager
from time import monotonic

import pytest
from django.db import connections

from racelab import lag
from racelab.lag import History, Lag, Told
from tests.support.factories import StoryFactory

REPLICAS = ("replica1", "replica2")


@pytest.fixture
def known():
    """What a process knows: at 91 the log ended at 10, until 93; at 95 at 20, until 98; at 99 at 30."""
    known = History()
    for now, position in ((91, 10), (93, 10), (95, 20), (98, 20), (99, 30)):
        known.note(position, now)
    return known


def replica(position, **more):
    return Told(**{"is_replica": True, "text": "", "position": position, "heard": 30, "is_streaming": True, **more})


@pytest.mark.parametrize(
    ("told", "primary", "expected"),
    [
        (replica(30), None, (0, 0)),
        (replica(20), None, (1, 2)),
        (replica(25), None, (1, 2)),
        (replica(10), None, (5, 7)),
        (replica(5), None, (9, None)),
        (replica(5, age=900), None, (9, 900)),
        (replica(20, age=1.5), None, (1, 1.5)),
        (replica(20, age=0.5), None, (0.5, 0.5)),
        (replica(5, age=900, waits_for="RecoveryApplyDelay", delay=10), None, (9, 10)),
        (replica(20, waits_for="RecoveryWalStream"), None, (0, 0)),
        (replica(20, waits_for="RecoveryWalStream"), 40, (1, 2)),
        (replica(30, is_streaming=False), 30, (0, 0)),
    ],
    ids=[
        "all of it",
        "what there was until a moment ago",
        "between two records",
        "older",
        "older than anything known",
        "the age of the last commit",
        "a younger commit than what is known",
        "a commit younger than the last look",
        "held back by a delay: no longer than that",
        "half a record at the end of a page",
        "a primary that is further than the replica has heard",
        "cut off, with nothing to lack",
    ],
)
def test_the_bounds_are_as_close_as_what_is_known(known, told, primary, expected):
    assert lag.measure(told, primary, now=100, known=known)[:2] == expected


@pytest.mark.parametrize("position", [30, 20])
def test_a_replica_without_a_stream_does_not_know_how_far_behind_it_is(known, position):
    told = lag.measure(replica(position, is_streaming=False, age=900), now=100, known=known)
    assert str(told) == "cut off from the primary, lag not known"


def test_another_primary_may_be_less_far_than_the_last_one_was(known):
    known.note(25, 101, is_primary=True)
    assert known.newest == 25
    known.note(24, 102)
    assert known.newest == 25


@pytest.mark.parametrize(
    ("behind", "text"),
    [
        (Lag(0, 0), "up to date"),
        (Lag(2.8, 3.0), "2.9 s behind"),
        (Lag(2.9, 9.0), "2.9 to 9.0 s behind"),
        (Lag(0, 9.0), "at most 9.0 s behind"),
        (Lag(4, None), "at least 4.0 s behind"),
        (Lag(0, None), "behind, not known how far"),
    ],
)
def test_a_bound_is_not_shown_as_a_fact(behind, text):
    assert str(behind) == text


# --- On real replicas ---------------------------------------------------------------------------------------

on_replicas = pytest.mark.django_db(transaction=True, databases=["default", *REPLICAS])


def told(alias="replica1"):
    return lag.measure(lag.ask(connections[alias]))


@on_replicas
def test_the_bounds_hold_what_a_clock_beside_the_replica_shows(replay_paused):
    StoryFactory()
    assert str(_until_up_to_date()) == "up to date"
    known_up_to_date = monotonic()
    with replay_paused(*REPLICAS):
        StoryFactory()
        committed = monotonic()
        while monotonic() - committed < 0.5:  # the clock has to go on for what it is to show
            seen = told()
        assert seen.at_least <= monotonic() - known_up_to_date
        assert monotonic() - committed - 0.05 <= seen.at_most
        assert seen.at_most - seen.at_least <= 0.5


@on_replicas
def test_a_delay_bounds_the_lag_of_who_has_seen_nothing_of_it(cluster, monkeypatch):
    """A process that has just started knows no past, and the last commit on a quiet site is old."""
    with _late(cluster, "replica1", 5):
        StoryFactory()
        lag_ = _until(lambda each: each.at_most != 0)
        monkeypatch.setattr(lag, "history", History())
        while (answer := lag.ask(connections["replica1"])).waits_for != "RecoveryApplyDelay":
            pass
        answer.age = 38.8
        assert lag.measure(answer, known=History()) == (0.0, 5.0, False), lag_


@on_replicas
def test_half_a_record_at_the_end_of_a_page_is_no_lag(cluster, wait_until_replayed):
    """The primary writes whole pages when it is idle; the end of the last record stays in its memory."""
    StoryFactory()
    wait_until_replayed()
    behind = _with_half_a_record(cluster, lambda: (told(), lag.ask(connections["replica1"])))
    assert str(behind[0]) == "up to date"
    assert behind[1].position < behind[1].heard


def _with_half_a_record(cluster, look):
    """Write a record that is not flushed to its end, and return what `look` says once the replica has the rest."""
    message = "SELECT pg_logical_emit_message(false, 'x', repeat('y', 20000)), pg_current_wal_insert_lsn()"
    for _ in range(20):
        cluster.primary.ask(message)
        end = monotonic() + 2
        while monotonic() < end:
            flushed, inserted = cluster.primary.ask("SELECT pg_current_wal_flush_lsn(), pg_current_wal_insert_lsn()")
            answer = lag.ask(connections["replica1"])
            if flushed != inserted and flushed.endswith("000") and answer.heard and answer.position < answer.heard:
                return look()
    raise AssertionError("No record was flushed by half.")


def _until_up_to_date():
    return _until(lambda each: each.at_most == 0)


def _until(is_so):
    end = monotonic() + 10
    while not is_so(seen := told()):
        assert monotonic() < end, seen
    return seen


@contextmanager
def _late(cluster, name, seconds):
    cluster.lag(name, seconds)
    try:
        while not re.match(rf"{seconds}s", cluster.node(name).ask("SHOW recovery_min_apply_delay")[0]):
            pass
        yield
    finally:
        cluster.lag(name, 0)
        cluster.wait_until_replayed(name)
