"""A replica that no longer replays, or no longer receives, is left out after MAX_LAG, and returns once it has all."""

import os
import time

import pytest

from tests.faults.under_load.breaking import cut_off, paused
from tests.faults.under_load.history import Known, Verdict, judge
from tests.faults.under_load.newspaper import newspaper
from tests.faults.under_load.readers import Load, failed
from tests.faults.under_load.writers import writers

MAX_LAG = 3
HELD = 6 if os.environ.get("QUICK") else 30  # seconds


@pytest.mark.parametrize("hold_back", [paused, cut_off])
@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(f'{{"MAX_LAG": {MAX_LAG}}}', id="ours"),
        pytest.param(
            '{"PROBE_INTERVAL": 0}', id="no watchers", marks=pytest.mark.xfail(strict=True, raises=AssertionError)
        ),
    ],
)
def test_who_is_held_back_is_left_out_until_it_has_caught_up(hold_back, keys, healed, figures, until):
    with newspaper(ROUTING_KEYS=keys) as paper, Load(paper.port) as load:
        until(lambda: {"replica1", "replica2"} <= {page.aliases for page in load.pages}, 30)
        held = time.monotonic()
        with hold_back(healed, "replica1"):
            until(lambda: len(paper.said("replica1 is left out")) == 2 or time.monotonic() > held + 20, 30)
            left = time.monotonic()
            time.sleep(5)
        mended = time.monotonic()
        healed.wait_until_replayed("replica1")
        until(lambda: len(paper.said("replica1 is back")) == 2 or time.monotonic() > mended + 10, 20)
        back = time.monotonic()
    stale = [page for page in load.between(left, mended) if "replica1" in page.aliases]
    figures(
        pages=len(load.pages),
        failed=len(failed(load.pages)),
        left_out_after=left - held,
        read_from_it_then=len(stale),
        back_after=back - mended,
    )
    assert failed(load.pages) == []
    assert stale == []
    assert MAX_LAG <= left - held < MAX_LAG + 5
    assert back - mended < 5


@pytest.mark.parametrize("hold_back", [paused, cut_off])
@pytest.mark.parametrize(
    ("keys", "seconds"),
    [
        pytest.param(f'{{"MAX_LAG": {MAX_LAG}}}', HELD, id="ours"),
        pytest.param(
            '{"BOOKMARK_MAX_AGE": 0}',
            MAX_LAG,
            id="no bookmarks",
            marks=pytest.mark.xfail(strict=True, raises=AssertionError),
        ),
    ],
)
def test_who_holds_a_bookmark_reads_nothing_stale_from_who_is_held_back(
    hold_back, keys, seconds, healed, figures, until
):
    with newspaper(ROUTING_KEYS=keys) as paper:
        crowd = writers(paper.port, 3)
        with Load(paper.port, readers=4, writers=crowd):
            until(lambda: all(len(writer.visits) > 10 for writer in crowd), 60)
            with hold_back(healed, "replica1"):
                time.sleep(seconds)  # left out after MAX_LAG; before, only bookmarks keep who wrote away from it
            healed.wait_until_replayed("replica1", 30)
    verdict = sum((judge(writer.visits, Known()) for writer in crowd), Verdict())
    pages = [page for writer in crowd for page in writer.pages]
    figures(
        saves=sum(len(writer.acknowledged) for writer in crowd),
        reads=verdict.reads,
        failed=len(failed(pages)),
        from_replica1=sum("replica1" in page.aliases for page in pages),
        from_replica2=sum("replica2" in page.aliases for page in pages),
        stale=verdict.stale,
        back=verdict.back,
    )
    assert (verdict.stale, verdict.back) == (0, 0)
    assert failed(pages) == []
    assert any("replica2" in page.aliases for page in pages)
