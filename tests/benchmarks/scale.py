"""Part 4: pages a second with 0, 1, 2 and 4 replicas, where every server has the same slice of a core."""

from contextlib import ExitStack

from django.db import connections

from .markdown import section, table
from .nodes import MOST_REPLICAS, add_replicas, wait_until_replayed
from .plots import lines
from .site import served
from .sizes import size
from .slices import NoControlGroups, sliced
from .spread import spread
from .wrk import load

REPLICAS = (0, 1, 2, MOST_REPLICAS)
SHARE = 0.05  # of a core, for each server: four of them and the web server must fit on two cores
READERS = 12  # connections for each server that serves pages: the load of each stays the same
ROUNDS, SECONDS = size(1, 6), size(3, 6)


def measure(cluster, path):
    """Return {replicas: [(pages a second, {node: share of its slice in use}) of each round]}; or why not."""
    connections.close_all()  # the cluster restarts
    add_replicas(cluster)
    wait_until_replayed(cluster)
    found = {count: [] for count in REPLICAS}
    try:
        with ExitStack() as stack:
            sites = {count: stack.enter_context(_site(cluster, count)) for count in REPLICAS}
            slices = stack.enter_context(sliced(cluster.nodes.values(), SHARE))
            for number in range(ROUNDS):
                for count in REPLICAS if number % 2 == 0 else reversed(REPLICAS):
                    found[count].append(_once(sites[count], count, slices, path))
    except NoControlGroups as error:
        return f"Not measured: this machine allows no control groups ({error})."
    return found


def _site(cluster, count):
    replicas = [f"replica{number + 1}" for number in range(count)]
    return served(cluster, "ours", replicas, WEB_CONCURRENCY="2", WEB_THREADS=str(READERS * MOST_REPLICAS // 2))


def _once(site, count, slices, path):
    readers = READERS * max(count, 1)
    load(site.address(path), readers, 1)  # warm: each thread opens its connections
    before = {name: each.cpu_seconds() for name, each in slices.items()}
    result = load(site.address(path), readers, SECONDS)
    used = {name: (each.cpu_seconds() - before[name]) / SECONDS / SHARE for name, each in slices.items()}
    return result.a_second, used


def report(found, folder):
    title = "4. Scale"
    if isinstance(found, str):
        return section(title, found)
    rates = {count: spread(rate for rate, _ in rounds) for count, rounds in found.items()}
    linear = [four / (one * MOST_REPLICAS) for (four, _), (one, _) in zip(found[MOST_REPLICAS], found[1], strict=True)]
    plot = lines(
        folder / "scale.svg",
        "Pages a second by number of replicas",
        "replicas",
        "pages a second",
        {
            "measured": [(count, rate.median) for count, rate in rates.items()],
            "linear, from one replica": [(1, rates[1].median), (MOST_REPLICAS, MOST_REPLICAS * rates[1].median)],
        },
    )
    return section(
        title,
        f"A story's page. A control group holds every server to {100 * SHARE:.0f} % of a core; {READERS} connections "
        f"of wrk for each server that serves pages; {ROUNDS} rounds of {SECONDS} s, in changing order. Load is the "
        "part of its slice that a server used.",
        table(
            ["replicas", "pages a second", "load of the primary, %", "load of a replica, %"],
            [[count, rates[count].text(0), *_loads(count, rounds)] for count, rounds in found.items()],
        ),
        f"From one replica to {MOST_REPLICAS}, {spread(linear).text(3)} of linear, round by round; the bar is 0.9.",
        plot,
    )


def _loads(count, rounds):
    primary = spread(100 * used["primary"] for _, used in rounds).text(0)
    serving = [100 * used[f"replica{number + 1}"] for _, used in rounds for number in range(count)]
    return primary, spread(serving).text(0) if serving else ""
