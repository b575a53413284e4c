"""The primary dies, comes back, or is replaced. Readers do not notice, and nothing that was acknowledged is lost."""

import os
import time
from contextlib import contextmanager

import pytest

from cluster import faults
from cluster.promotion import promote, rejoin
from tests.faults.under_load.incidents import the_furthest
from tests.faults.under_load.newspaper import newspaper
from tests.faults.under_load.readers import Editor, Load, failed, percentile

QUICK = bool(os.environ.get("QUICK"))
ROUNDS = 3 if QUICK else 20
SAVES = 100 if QUICK else 1000


def names_on(node, label="editor"):
    """The tags that are there, of all that an editor has added."""
    (names,) = node.ask(
        f"SELECT array_agg(name) FROM backoffice_tag WHERE name LIKE '{label}-%'", database="newspaper"
    )
    return set(names or [])


@pytest.mark.parametrize(
    ("switches", "seconds"),
    [
        pytest.param({}, 20, id="ours"),
        pytest.param(
            {"PUBLISHED": "1"}, 2, id="published", marks=pytest.mark.xfail(strict=True, raises=AssertionError)
        ),
    ],
)
def test_the_primary_is_killed_and_started_again_later(switches, seconds, healed, figures, until):
    with newspaper(**switches) as paper, Load(paper.port) as load:
        until(lambda: len(load.editor.acknowledged) > 20, 60)
        killed = time.monotonic()
        faults.kill(healed, "primary")
        time.sleep(seconds)
        faults.start(healed, "primary")
        started = time.monotonic()
        until(lambda: load.editor.pages[-1].status == 302, 20)
        works = time.monotonic()
        until(lambda: len(load.editor.acknowledged) > 40, 60)
    refused = [page for page in load.editor.pages if page.status != 302]
    figures(
        pages=len(load.pages),
        failed=len(failed(load.pages)),
        saved=len(load.editor.acknowledged),
        refused=len(refused),
        save_after=works - started,
        statuses=sorted({page.status for page in refused}),
    )
    assert failed(load.pages) == []
    assert {page.status for page in refused} == {503}
    assert all(killed - 5 < page.began < works for page in refused)
    assert set(load.editor.acknowledged) <= names_on(healed.primary)


@pytest.mark.parametrize(
    ("synchronous", "hosts", "rounds"),
    [
        pytest.param(False, "all", ROUNDS, id="asynchronous"),
        pytest.param(True, "all", ROUNDS, id="synchronous"),
        pytest.param(False, "one", 1, id="one host", marks=pytest.mark.xfail(strict=True, raises=AssertionError)),
    ],
)
def test_the_primary_dies_and_a_replica_is_promoted(synchronous, hosts, rounds, healed, figures, until, monkeypatch):
    if synchronous:
        monkeypatch.setenv("SYNCHRONOUS", "1")
        healed.down()
        healed.up()
    switches = {} if hosts == "all" else {"DATABASE_URL": healed.url("primary", "app")}
    waits, lost, in_all = [], 0, 0
    with newspaper(**switches) as paper, Load(paper.port, editor=False) as load:
        for number in range(rounds):
            with at_work(Editor(paper.port, f"round{number}", pause=0.02)) as editor:
                until(lambda editor=editor: len(editor.acknowledged) > 10, 60)
                old = healed.primary.name
                faults.kill(healed, old)
                promote(healed, the_furthest(healed))
                promoted = time.monotonic()
                until(lambda editor=editor, at=promoted: last_success(editor) > at, 30 if hosts == "all" else 4)
            waits.append(next(page.began + page.seconds for page in saved(editor) if page.began > promoted) - promoted)
            in_all += len(editor.acknowledged)
            lost += len(set(editor.acknowledged) - names_on(healed.primary, f"round{number}"))
            rejoin(healed, old)
        is_alive = paper.process.poll() is None and len(paper.said("Booting worker")) == 2
    waits.sort()
    figures(
        rounds=rounds,
        pages=len(load.pages),
        failed=len(failed(load.pages)),
        first_save_p95=waits[int(0.95 * len(waits))],
        saves=in_all,
        lost=lost,
        slowest=max(page.seconds for page in load.pages),
        p99=percentile(load.pages, 0.99),
    )
    assert failed(load.pages) == []
    assert waits[int(0.95 * len(waits))] <= 3
    assert is_alive
    assert not (synchronous and lost)


@contextmanager
def at_work(editor):
    editor.start()
    try:
        yield editor
    finally:
        editor.is_over.set()
        editor.join()


def saved(editor):
    return [page for page in editor.pages if page.status == 302]


def last_success(editor):
    return max((page.began for page in saved(editor)), default=0)


@pytest.mark.parametrize(
    ("switches", "saves"),
    [
        pytest.param({}, SAVES, id="ours"),
        pytest.param(
            {"NO_TIMELINES": "1"}, 10, id="no timelines", marks=pytest.mark.xfail(strict=True, raises=AssertionError)
        ),
    ],
)
def test_an_old_primary_that_was_not_rewound_gets_no_write(switches, saves, healed, figures, until):
    with newspaper(**switches) as paper:
        first = healed.primary.name
        promote(healed, the_furthest(healed))
        faults.start(healed, first)
        zombie = healed.node(first)
        before = zombie.ask("SELECT pg_current_wal_insert_lsn()")[0]
        with at_work(Editor(paper.port, "zombie", pause=0)) as editor:
            until(lambda: len(editor.acknowledged) >= saves, 250)
    on_zombie = names_on(zombie, "zombie")
    figures(saves=len(editor.acknowledged), on_the_zombie=len(on_zombie), zombie_at=before)
    assert on_zombie == set()
    assert set(editor.acknowledged) <= names_on(healed.primary, "zombie")
    rejoin(healed, first)
