"""A replica that no longer replays, or no longer receives, is left out after MAX_LAG, and returns once it has all."""

import time

import pytest

from tests.faults.under_load.newspaper import Newspaper
from tests.faults.under_load.readers import Load, failed

MAX_LAG = 3


def pause(cluster):
    cluster.pause("replica1")
    return lambda: cluster.resume("replica1")


def cut(cluster):
    replica = cluster.node("replica1")
    replica.ask("ALTER SYSTEM SET primary_conninfo = 'host=127.0.0.1 port=1'")
    replica.ask("SELECT pg_reload_conf()")

    def mend():
        replica.ask("ALTER SYSTEM RESET primary_conninfo")
        replica.ask("SELECT pg_reload_conf()")

    return mend


@pytest.mark.parametrize("hold_back", [pause, cut])
@pytest.mark.parametrize(
    "keys",
    [
        pytest.param(f'{{"MAX_LAG": {MAX_LAG}}}', id="ours"),
        pytest.param('{"PROBE_INTERVAL": 0}', id="no watchers", marks=pytest.mark.xfail(strict=True)),
    ],
)
def test_who_is_held_back_is_left_out_until_it_has_caught_up(hold_back, keys, healed, figures, until):
    with Newspaper(ROUTING_KEYS=keys) as paper, Load(paper.port) as load:
        until(lambda: {"replica1", "replica2"} <= {page.aliases for page in load.pages}, 30)
        mend = hold_back(healed)
        held = time.monotonic()
        try:
            until(lambda: len(paper.said("replica1 is left out")) == 2 or time.monotonic() > held + 20, 30)
            left = time.monotonic()
            time.sleep(5)
        finally:
            mend()
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
