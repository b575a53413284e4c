"""Editors save in the admin and read the public site, over HTTP, on replicas that lag in turns.

Ours shows no stale page, no step back in time, and loses no login. The published and the naive router do.
"""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.factories import EditorFactory, StoryFactory

from .conftest import FULL
from .editor import Editor, Figures
from .lag import replicas_behind
from .site import served

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])

EDITORS = 8  # as many as gunicorn has threads
# Seconds that the replicas replay late: (one, the other). Long ones at the small size, for slow machines.
ONE_BEHIND = [(0, 0), (0.1, 0), (1, 0)] if FULL else [(3, 0)]
BOTH_BEHIND = [(0.1, 0.05), (1, 0.5)] if FULL else [(3, 1.5)]


@pytest.fixture
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def site(request, cluster, _quick_passwords):
    """A site with the router of the test's parameter, and editors with a story each."""
    people = [(EditorFactory(), StoryFactory(headline="Version 0")) for _ in range(EDITORS)]
    for name in ("replica1", "replica2"):
        cluster.wait_until_replayed(name)
    with served(cluster, request.param) as server:
        editors = [Editor(server.port, user, story) for user, story in people]
        yield editors
        for editor in editors:
            editor.close()


def work(editors, pairs):
    """All of them work at the same time, each beside the next one's story. Returns the figures."""
    for editor in editors:
        editor.figures = Figures()
    neighbours = [*editors[1:], editors[0]]
    with ThreadPoolExecutor(len(editors)) as pool:
        jobs = [
            pool.submit(editor.work, pairs // len(editors), neighbour.page)
            for editor, neighbour in zip(editors, neighbours, strict=True)
        ]
        for job in jobs:
            job.result()
    return sum((editor.figures for editor in editors), Figures())


@pytest.mark.parametrize("site", ["ours", "published", "naive"], indirect=True)
def test_an_editor_reads_her_saves_on_replicas_that_lag(site, request, cluster, size, report):
    router = request.node.callspec.params["site"]
    pairs = size(64, 2000) if router == "ours" else size(40, 400)  # of each lag: 10,000 in all
    one, both = Figures(), Figures()
    for lags in ONE_BEHIND:
        with replicas_behind(cluster, *lags, every=3):
            one += work(site, pairs)
    for lags in BOTH_BEHIND:
        with replicas_behind(cluster, *lags, every=3):
            both += work(site, pairs)
    for behind, each in (("one", one), ("both", both)):
        report("Save in the admin, read on the public site", router=router, replicas_behind=behind, **_row(each))
    total = one + both
    if router == "ours":
        assert (total.stale, total.back, total.lost, total.failed) == (0, 0, 0, 0)
        assert total.reads >= 3 * total.pairs
        assert one.from_replica >= 0.95 * one.reads
    else:
        assert total.stale
        assert total.back
        assert total.lost


def _row(figures):
    share = f"{100 * figures.from_replica / max(figures.reads, 1):.1f} %"
    return {
        "pairs": figures.pairs,
        "reads": figures.reads,
        "stale": figures.stale,
        "steps_back": figures.back,
        "lost_logins": figures.lost,
        "errors": figures.failed,
        "from_a_replica": share,
    }
