"""Connections end, queries are cancelled, servers restart: again and again, one node after the other."""

import itertools
import os
import time
from collections import Counter

import pytest

from cluster import faults
from tests.faults.under_load.breaking import CONFLICTS, end_connections
from tests.faults.under_load.newspaper import newspaper
from tests.faults.under_load.readers import Load, failed
from tests.faults.under_load.test_primary import names_on

TIMES = 60 if os.environ.get("QUICK") else 1000


@pytest.mark.parametrize(
    ("switches", "times"),
    [
        pytest.param({}, TIMES, id="ours"),
        pytest.param(
            {"NO_REPEATS": "1"}, 60, id="no repeats", marks=pytest.mark.xfail(strict=True, raises=AssertionError)
        ),
        pytest.param(
            {"PUBLISHED": "1"}, 60, id="published", marks=pytest.mark.xfail(strict=True, raises=AssertionError)
        ),
    ],
)
def test_connections_end_queries_are_cancelled_and_servers_restart(switches, times, healed, figures):
    for name in ("replica1", "replica2"):
        healed.node(name).ask("ALTER SYSTEM SET max_standby_streaming_delay = 0")
        healed.node(name).ask("SELECT pg_reload_conf()")
    ended = dict.fromkeys(healed.nodes, 0)
    try:
        with newspaper(**switches) as paper, Load(paper.port) as load:
            for number, name in zip(range(times), itertools.cycle(healed.nodes), strict=False):
                if number % 20 == 19:
                    faults.stop(healed, name)  # as a fast restart does
                    faults.start(healed, name)
                elif number % 4 == 3:
                    healed.primary.ask(CONFLICTS[number // 4 % 2], database="newspaper")
                else:
                    ended[name] += end_connections(healed, name)
                time.sleep(0.05)
    finally:
        for name in ("replica1", "replica2"):
            healed.node(name).ask("ALTER SYSTEM RESET max_standby_streaming_delay")
            healed.node(name).ask("SELECT pg_reload_conf()")
    answers = Counter(page.status for page in load.editor.pages)
    figures(
        times=times,
        connections_ended=ended,
        pages=len(load.pages),
        failed=len(failed(load.pages)),
        saves=dict(answers),
    )
    assert all(ended.values())
    assert failed(load.pages) == []
    # Who saves while the primary's connection ends is told so. A save that was done twice would say that the name
    # is taken, which is a 200.
    assert set(answers) <= {302, 503}
    assert set(load.editor.acknowledged) <= names_on(healed.primary)


UNPROTECTED = pytest.mark.xfail(strict=True, raises=AssertionError)


@pytest.mark.parametrize("break_", [faults.kill, faults.freeze])
@pytest.mark.parametrize(
    ("switches", "bar", "seconds"),
    [
        pytest.param({"ROUTING_KEYS": '{"PRIMARY_READS": 8}'}, 0, 10, id="within the budget"),
        pytest.param({"ROUTING_KEYS": '{"PRIMARY_READS": 1}'}, None, 10, id="beyond"),
        pytest.param({"NO_REPEATS": "1"}, 0, 1, id="no repeats", marks=UNPROTECTED),
        pytest.param({"ROUTING_KEYS": '{"PRIMARY_READS": 1000}'}, None, 1, id="no budget", marks=UNPROTECTED),
        pytest.param({"PUBLISHED": "1"}, 0, 10, id="published", marks=UNPROTECTED),
    ],
)
def test_both_replicas_are_gone(break_, switches, bar, seconds, healed, figures):
    with newspaper(**switches) as paper, Load(paper.port) as load:
        time.sleep(3)
        for name in ("replica1", "replica2"):
            break_(healed, name)
        broken = time.monotonic()
        time.sleep(seconds)
    refused = failed(load.pages)
    after = [page for page in load.editor.pages if page.began > broken]
    figures(pages=len(load.pages), refused=len(refused), saves=len(after))
    assert {page.status for page in refused} <= {503}
    assert bool(refused) == (bar is None)
    assert after
    assert {page.status for page in after} == {302}
