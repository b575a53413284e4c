"""Part 3: what this routing costs a page, beside the published router and no router. Sites take turns, in pairs."""

from contextlib import ExitStack
from itertools import chain

from .contestants import CONTESTANTS
from .markdown import section, table
from .site import served
from .sizes import size
from .spread import spread
from .wrk import load

NAMES = ("none", "published", "ours")
PAGES = {"front page": "/", "story": None}
ROUNDS = size(1, 8)  # each of new processes
TURNS = size(1, 3)  # of a second, for each site and page in a round: short ones, since the machine's speed drifts
CONNECTIONS = 8


def measure(cluster, story):
    """Return {page: {contestant: [[(Load, web server's CPU seconds) of each turn] of each round]}}."""
    paths = {page: path or story for page, path in PAGES.items()}
    found = {page: {name: [] for name in NAMES} for page in paths}
    for _ in range(ROUNDS):
        with ExitStack() as stack:
            sites = {name: stack.enter_context(served(cluster, name, WEB_CONCURRENCY="1")) for name in NAMES}
            for site in sites.values():  # each thread connects to each database
                load(site.address(story), CONNECTIONS, 1)
            for page, path in paths.items():
                turns = {name: [] for name in NAMES}
                for number in range(TURNS):
                    # Whose turn comes twice in a row is some percent slower the second time.
                    for name in NAMES[number:] + NAMES[:number]:
                        turns[name].append(_turn(sites[name], path))
                for name in NAMES:
                    found[page][name].append(turns[name])
    return found


def _turn(site, path):
    before = site.cpu_seconds()
    result = load(site.address(path), CONNECTIONS, 1)
    return result, site.cpu_seconds() - before


def report(found):
    rows = [_row(page, name, by_name) for page, by_name in found.items() for name in NAMES]
    return section(
        "3. The cost of a page",
        "gunicorn with one process of four threads (two would share the connections unevenly, by chance), "
        f"{CONNECTIONS} connections of wrk, {ROUNDS} rounds of new processes. In each the three sites take {TURNS} "
        "turns of a second for each page, each site as often first, second and last: short turns, since the "
        "machine itself is some percent faster or slower from one second to the next. The ratio is all pages of a "
        "site divided by all pages of no router: 1 is as fast, the bar is 0.97; in brackets is where the middle "
        "half of the rounds lies. CPU is what the web server's processes use for a page. Without a router there "
        "is one database; with one there are two replicas beside it, on the same cores.",
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
    turns = list(chain(*mine))
    return [
        f"{page}, {CONTESTANTS[name].label}",
        spread(each.a_second for each, _ in turns).text(0),
        spread(each.middle for each, _ in turns).text(1),
        spread(each.slow for each, _ in turns).text(1),
        spread(1000 * cpu / each.pages for each, cpu in turns).text(2),
        _ratio(_a_second, mine, base),
        _ratio(_cpu_a_page, mine, base),
    ]


def _ratio(of, mine, base):
    """Of all rounds together; in brackets the middle half of the rounds."""
    rounds = spread(of(one) / of(other) for one, other in zip(mine, base, strict=True))
    return f"{of(list(chain(*mine))) / of(list(chain(*base))):.3f} ({rounds.low:.3f} to {rounds.high:.3f})"


def _a_second(turns):
    return sum(each.a_second for each, _ in turns) / len(turns)


def _cpu_a_page(turns):
    return sum(cpu for _, cpu in turns) / sum(each.pages for each, _ in turns)
