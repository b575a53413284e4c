"""Part 5: how long the first page after a save waits for a replica, and how often the primary has to give it."""

from tests.support.factories import EditorFactory, StoryFactory

from .markdown import section, table
from .nodes import set_lag, wait_until_replayed
from .people import Editor
from .plots import shares
from .site import served
from .sizes import size
from .spread import share, spread

LAGS = size((0, 500), (0, 10, 50, 100, 500))  # milliseconds
BEHIND = {"both replicas": ("replica1", "replica2"), "one replica": ("replica1",)}
SAVES = size(5, 30)


def measure(cluster):
    """Return {who is behind: {lag: [(milliseconds waited, whether the primary gave the page) of each save]}}."""
    person = EditorFactory(), StoryFactory(headline="Version 0")
    wait_until_replayed(cluster)
    found = {}
    with served(cluster, "ours", OBSERVE="1") as site:
        editor = Editor(site.port, *person)
        editor.log_in()
        editor.save(0)
        for behind, names in BEHIND.items():
            found[behind] = {lag: [] for lag in LAGS}
            for lag in LAGS:
                set_lag(cluster, 0)
                set_lag(cluster, lag, names)
                found[behind][lag] = [_first_page(editor) for _ in range(SAVES)]
        editor.close()
    set_lag(cluster, 0)
    return found


def _first_page(editor):
    if not editor.save(0):
        raise RuntimeError(f"A save failed: {editor.figures.failed}")
    response = editor.page(editor.story.get_absolute_url())
    return float(response.headers.get("X-Waited", 0)), "replica" not in response.headers["X-Rows"]


def report(found, folder):
    rows = []
    for behind, by_lag in found.items():
        for lag, pages in by_lag.items():
            waits = sorted(wait for wait, _ in pages)
            rows.append(
                [
                    f"{behind}, {lag} ms",
                    spread(waits).text(1),
                    f"{waits[int(0.9 * len(waits))]:.1f}",
                    f"{waits[-1]:.1f}",
                    share(sum(on_primary for _, on_primary in pages), len(pages)),
                ]
            )
    plots = [_plot(behind, by_lag, folder) for behind, by_lag in found.items()]
    return section(
        "5. Bookmarks",
        f"An editor saves, and at once reads the story on the public site: {SAVES} times for each delay. The wait is "
        "what the page spends on finding a replica that has the save, 50 ms at most (`BOOKMARK_WAIT`); then the "
        "primary gives the page.",
        table(["behind by", "wait, ms", "90 % within, ms", "longest, ms", "given by the primary"], rows),
        *plots,
    )


def _plot(behind, by_lag, folder):
    name = f"waits-{behind.split()[0]}.svg"
    title = f"Share of first pages that waited at most so long, {behind} behind"
    return shares(folder / name, title, {f"{lag} ms": [wait for wait, _ in pages] for lag, pages in by_lag.items()})
