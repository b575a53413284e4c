"""Part 3: what this routing costs a page, beside the published router and no router. Sites take turns, in pairs."""

from contextlib import ExitStack

from .contestants import CONTESTANTS
from .markdown import section, table
from .site import served
from .sizes import size
from .spread import spread
from .wrk import load

NAMES = ("none", "published", "ours")
PAGES = {"front page": "/", "story": None}
ROUNDS = size(1, 7)
SECONDS = size(1, 2)  # each
WARM = size(1, 2)  # seconds
CONNECTIONS = 8


def measure(cluster, story):
    """Return {page: {contestant: [(Load, web server's CPU milliseconds a page) of each round]}}."""
    paths = {page: path or story for page, path in PAGES.items()}
    found = {page: {name: [] for name in NAMES} for page in paths}
    for number in range(ROUNDS):
        with ExitStack() as stack:
            sites = {name: stack.enter_context(served(cluster, name, WEB_CONCURRENCY="1")) for name in NAMES}
            for site in sites.values():  # each thread connects to each database
                load(site.address(story), CONNECTIONS, WARM)
            for page, path in paths.items():
                for name in NAMES if number % 2 == 0 else reversed(NAMES):
                    found[page][name].append(_once(sites[name], path))
    return found


def _once(site, path):
    before = site.cpu_seconds()
    result = load(site.address(path), CONNECTIONS, SECONDS)
    return result, 1000 * (site.cpu_seconds() - before) / result.pages


def report(found):
    rows = [_row(page, name, by_name) for page, by_name in found.items() for name in NAMES]
    return section(
        "3. The cost of a page",
        f"gunicorn with one process of four threads (two would share the connections unevenly, by chance), "
        f"{CONNECTIONS} connections of wrk, {ROUNDS} rounds of {SECONDS} "
        "s a site and page, each of new processes: the same site is some percent faster or slower each time that it "
        "starts. The three sites take turns, in changing order. The ratio is pages a second in a round "
        "divided by those of no router in the same round: 1 is as fast, the bar is 0.97. CPU is what the web server's "
        "processes use for a page, which other load on the machine disturbs least. Without a router there is one "
        "database; with one there are two replicas beside it, on the same cores.",
        table(
            [
                "page, routing",
                "pages a second",
                "half within, ms",
                "99 % within, ms",
                "CPU, ms",
                "ratio",
                "ratio of CPU",
            ],
            rows,
        ),
    )


def _row(page, name, by_name):
    mine, base = by_name[name], by_name["none"]
    return [
        f"{page}, {CONTESTANTS[name].label}",
        spread(each.a_second for each, _ in mine).text(0),
        spread(each.middle for each, _ in mine).text(1),
        spread(each.slow for each, _ in mine).text(1),
        spread(cpu for _, cpu in mine).text(2),
        spread(one.a_second / other.a_second for (one, _), (other, _) in zip(mine, base, strict=True)).text(3),
        spread(one / other for (_, one), (_, other) in zip(mine, base, strict=True)).text(3),
    ]
