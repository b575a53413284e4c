"""The primary dies, comes back, or is replaced. Readers do not notice, and nothing that was acknowledged is lost."""

import os
import time

import pytest

from cluster import faults
from cluster.promotion import promote, rejoin
from tests.faults.under_load.incidents import the_furthest
from tests.faults.under_load.newspaper import Newspaper
from tests.faults.under_load.readers import Editor, Load, failed, percentile

QUICK = bool(os.environ.get("QUICK"))
ROUNDS = 3 if QUICK else 20


def names_on(node, label="editor"):
    """The tags that are there, of all that an editor has added."""
    (names,) = node.ask(
        f"SELECT array_agg(name) FROM backoffice_tag WHERE name LIKE '{label}-%'", database="newspaper"
    )
    return set(names or [])


def test_the_primary_is_killed_and_started_again_twenty_seconds_later(healed, figures, until):
    with Newspaper() as paper, Load(paper.port) as load:
        until(lambda: len(load.editor.acknowledged) > 20, 60)
        killed = time.monotonic()
        faults.kill(healed, "primary")
        time.sleep(20)
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


@pytest.mark.parametrize("synchronous", [False, True], ids=["asynchronous", "synchronous"])
def test_the_primary_dies_and_a_replica_is_promoted(synchronous, healed, figures, until, monkeypatch):
    if synchronous:
        monkeypatch.setenv("SYNCHRONOUS", "1")
        healed.down()
        healed.up()
    waits, lost, in_all = [], 0, 0
    with Newspaper() as paper, Load(paper.port, editor=False) as load:
        for number in range(ROUNDS):
            editor = Editor(paper.port, f"round{number}", pause=0.02)
            editor.start()
            until(lambda editor=editor: len(editor.acknowledged) > 10, 60)
            old = healed.primary.name
            faults.kill(healed, old)
            promote(healed, the_furthest(healed))
            promoted = time.monotonic()
            until(lambda editor=editor, at=promoted: last_success(editor) > at, 30)
            waits.append(next(page.began + page.seconds for page in saved(editor) if page.began > promoted) - promoted)
            editor.is_over.set()
            editor.join()
            in_all += len(editor.acknowledged)
            lost += len(set(editor.acknowledged) - names_on(healed.primary, f"round{number}"))
            rejoin(healed, old)
        is_alive = paper.process.poll() is None and len(paper.said("Booting worker")) == 2
    waits.sort()
    figures(
        rounds=ROUNDS,
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


def saved(editor):
    return [page for page in editor.pages if page.status == 302]


def last_success(editor):
    return max((page.began for page in saved(editor)), default=0)


def test_an_old_primary_that_was_not_rewound_gets_no_write(healed, figures, until):
    with Newspaper() as paper:
        first = healed.primary.name
        promote(healed, the_furthest(healed))
        faults.start(healed, first)
        zombie = healed.node(first)
        before = zombie.ask("SELECT pg_current_wal_insert_lsn()")[0]
        editor = Editor(paper.port, "zombie", pause=0)
        editor.start()
        until(lambda: len(editor.acknowledged) >= (100 if QUICK else 1000), 250)
        editor.is_over.set()
        editor.join()
    on_zombie = names_on(zombie, "zombie")
    figures(saves=len(editor.acknowledged), on_the_zombie=len(on_zombie), zombie_at=before)
    assert on_zombie == set()
    assert set(editor.acknowledged) <= names_on(healed.primary, "zombie")
    rejoin(healed, first)
