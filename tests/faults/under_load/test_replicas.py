"""One replica dies, freezes, stutters; the readers do not notice."""

import os
import threading
import time

import pytest

from cluster import faults
from tests.faults.under_load.newspaper import newspaper
from tests.faults.under_load.readers import Load, failed, percentile, rate

BEFORE, FAULT = 5, 20  # seconds
PAGES = 2000 if os.environ.get("QUICK") else 5000


def served_by(load, name, since):
    return any(page.aliases and name in page.aliases and page.began > since for page in load.pages)


UNPROTECTED = [
    pytest.param({"PUBLISHED": "1"}, id="published", marks=pytest.mark.xfail(strict=True, raises=AssertionError)),
]


@pytest.mark.parametrize("switches", [pytest.param({}, id="ours"), *UNPROTECTED])
def test_a_replica_is_killed_and_started_again(switches, healed, figures, until):
    with newspaper(**switches) as paper, Load(paper.port) as load:
        start = time.monotonic()
        until(lambda: len(load.pages) > PAGES / 5, 120)
        faults.kill(healed, "replica1")
        killed = time.monotonic()
        until(lambda: len(load.between(killed, 1e9)) > PAGES / 5 * 2 or time.monotonic() > killed + 30, 60)
        faults.start(healed, "replica1")
        until(lambda: healed.primary.ask("SELECT count(*) FROM pg_stat_replication")[0] == 2)
        streaming = time.monotonic()
        back = until(lambda: served_by(load, "replica1", streaming), 15) if not switches else 0.0
        until(lambda: len(load.pages) >= PAGES or time.monotonic() > start + 150, 160)
        pages = load.pages
        figures(
            pages=len(pages),
            failed=len(failed(pages)),
            slowest=max(page.seconds for page in pages),
            back_after=back,
            editor_failed=sum(page.status != 302 for page in load.editor.pages),
        )
    assert len(pages) >= PAGES
    assert failed(pages) == []
    assert back < 5


@pytest.mark.parametrize(
    "switches",
    [
        pytest.param({}, id="ours"),
        pytest.param({"NO_CLOCK": "1"}, id="no clock", marks=pytest.mark.xfail(strict=True, raises=AssertionError)),
        pytest.param(
            {"NO_REPEATS": "1"}, id="no repeats", marks=pytest.mark.xfail(strict=True, raises=AssertionError)
        ),
        *UNPROTECTED,
    ],
)
def test_a_replica_is_frozen_for_twenty_seconds(switches, healed, figures, until):
    with newspaper(**switches) as paper, Load(paper.port) as load:
        until(lambda: len(load.pages) > 100, 60)
        before = time.monotonic()
        time.sleep(BEFORE)
        frozen = time.monotonic()
        faults.freeze(healed, "replica1")
        time.sleep(FAULT)
        faults.thaw(healed, "replica1")
        thawed = time.monotonic()
        back = until(lambda: served_by(load, "replica1", thawed), 15) if not switches else 0.0
    pages = load.pages
    during = [page for page in pages if page.began + page.seconds > frozen]
    normal, faulty = rate(pages, before, frozen), rate(pages, frozen, thawed)
    figures(
        pages=len(pages),
        failed=len(failed(pages)),
        slowest=max(page.seconds for page in during),
        usual_slowest=max(page.seconds for page in pages if before < page.began < frozen - 1),
        per_second_before=normal,
        per_second_during=faulty,
        back_after=back,
    )
    assert failed(pages) == []
    assert faulty >= 0.8 * normal
    assert max(page.seconds for page in during) <= 0.75  # REPLICA_TIMEOUT, and a page
    assert back < 5


@pytest.mark.parametrize(
    "switches",
    [
        pytest.param({}, id="ours"),
        pytest.param(
            {"ROUTING_KEYS": '{"PROBE_INTERVAL": 0}'},
            id="no watchers",
            marks=pytest.mark.xfail(strict=True, raises=AssertionError),
        ),
        *UNPROTECTED,
    ],
)
def test_a_replica_that_stutters_is_left_out_once(switches, healed, figures, until):
    is_over = threading.Event()

    def stutter():
        while not is_over.is_set():
            faults.freeze(healed, "replica1")
            is_over.wait(0.1)
            faults.thaw(healed, "replica1")
            is_over.wait(0.1)

    with newspaper(**switches) as paper, Load(paper.port, readers=4) as load:
        until(lambda: len(load.pages) > 100, 60)
        time.sleep(8)  # a look a second: they have to know what is usual
        began = time.monotonic()
        thread = threading.Thread(target=stutter)
        thread.start()
        time.sleep(25)
        is_over.set()
        thread.join()
        said = paper.said("replica1 is left out")
    normal = percentile(load.between(began - 5, began), 0.99)
    then = percentile(load.between(began + 5, began + 25), 0.99)
    figures(failed=len(failed(load.pages)), p99_before=normal, p99_after_5_s=then, left_out=len(said))
    assert failed(load.pages) == []
    assert then <= 2 * normal
    assert 1 <= len(said) <= 2 * 2  # a process: one change in ten seconds
