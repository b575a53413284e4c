"""What docs/race.html shows is what happens: its cases, on real replicas. One wrong row shows that this can fail."""

import copy
import threading
from contextlib import ExitStack

import pytest
from django.db import connections

from cluster.replay import wait_until
from tests.conftest import REPLICAS
from tests.support.race_table import Race, cases

pytestmark = [
    pytest.mark.urls("tests.support.race_site"),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]
STANDBYS = {"any1": "ANY 1 (replica1, replica2)", "both": "FIRST 2 (replica1, replica2)"}
_HANGS = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE wait_event = 'SyncRep')"
_SYNCHRONOUS = "SELECT count(*) = 2 FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')"


@pytest.fixture
def play(cluster, replay_paused, wait_until_replayed, monkeypatch, settings):
    """A function that plays a case, and returns what was seen otherwise than it says."""
    threads = []

    def run(case):
        with ExitStack() as stack:
            stack.callback(lambda: [thread.join() for thread in threads])
            holds = {}

            def world(verb, what):
                if verb == "release":
                    holds.pop(what).close()
                if verb == "hangs":
                    threads.append(threading.Thread(target=_then_close, args=[what]))
                    threads[-1].start()
                    wait_until(lambda: cluster.primary.ask(_HANGS) == (True,), "the save to wait for a replica")
                    return {"sees": "nothing"}

            race = Race(case, world, monkeypatch, settings)
            race.prepare()
            wait_until_replayed()
            if standbys := STANDBYS.get(case["router"]):
                stack.callback(_asynchronous, cluster)
                _synchronous(cluster, standbys)
            race.use_router()
            for name in case["held"]:
                holds[name] = stack.enter_context(ExitStack())
                holds[name].enter_context(replay_paused(name))
            return race.play(
                afterwards=lambda: [cluster.wait_until_replayed(each) for each in REPLICAS if each not in holds]
            )

    return run


def _then_close(request):
    try:
        request()
    finally:
        connections.close_all()


def _synchronous(cluster, standbys):
    cluster.primary.ask("ALTER SYSTEM SET synchronous_commit = 'remote_apply'")
    cluster.primary.ask(f"ALTER SYSTEM SET synchronous_standby_names = '{standbys}'")
    cluster.primary.ask("SELECT pg_reload_conf()")
    wait_until(lambda: cluster.primary.ask(_SYNCHRONOUS) == (True,), "both replicas to be synchronous standbys")


def _asynchronous(cluster):
    for name in ("synchronous_standby_names", "synchronous_commit"):
        cluster.primary.ask(f"ALTER SYSTEM RESET {name}")
    cluster.primary.ask("SELECT pg_reload_conf()")


@pytest.mark.parametrize("case", cases(), ids=lambda case: case["case"])
def test_the_case_is_what_happens_on_real_replicas(case, play):
    assert play(case) == []


def test_a_wrong_row_fails(play):
    (case,) = (copy.deepcopy(each) for each in cases() if each["case"].startswith("the race:"))
    case["events"][1]["sees"] = "Rain tomorrow"
    (wrong,) = play(case)
    assert "expected {'sees': 'Rain tomorrow', 'from': 'replica1'}, got {'sees': 'Sunshine'" in wrong
