"""Part 4: pages a second with 0, 1, 2 and 4 replicas, where every server has the same slice of a core."""

import json
from contextlib import ExitStack

import psutil
from django.db import connections

from .markdown import section, table
from .nodes import MOST_REPLICAS, add_replicas, wait_until_replayed
from .plots import lines
from .site import served
from .sizes import size
from .slices import NoControlGroups, cpu_seconds, sliced
from .spread import spread
from .wrk import load

REPLICAS = (0, 1, 2, MOST_REPLICAS)
# The most replicas together must not need more of the machine for the web server than this: then it is the databases
# that are short, as they are where replicas are added.
WEB = 0.7
READERS = size(4, 12)  # connections for each server that serves pages: the load of each stays the same
ROUNDS, SECONDS = size(1, 4), size(1, 5)
WARM, WARM_SECONDS = size((2, 1), (10, 3))  # so often at most
# Servers that are slow on purpose are not to be taken for broken ones.
PATIENCE = json.dumps({"REPLICA_TIMEOUT": 10_000, "PROBE_INTERVAL": 0})


def measure(cluster, path):
    """Return the slice, and {replicas: [(pages a second, {node: part of its slice in use}) of each round]}.

    A text, if it cannot be measured here.
    """
    connections.close_all()  # the cluster restarts
    add_replicas(cluster)
    # A site for each number of replicas, and each of its threads keeps a connection to each of them.
    cluster.primary.ask("ALTER ROLE reader CONNECTION LIMIT 90")
    cluster.primary.ask("ALTER ROLE reader SET statement_timeout = '10s'")
    wait_until_replayed(cluster)
    found = {count: [] for count in REPLICAS}
    try:
        with ExitStack() as stack:
            sites = {count: stack.enter_context(_site(cluster, count)) for count in REPLICAS}
            for count, site in sites.items():
                _warm(cluster, site, count, path)
            share = _share(cluster, sites[MOST_REPLICAS], path)
            stack.enter_context(sliced(cluster.nodes.values(), share))
            for number in range(ROUNDS):
                for count in REPLICAS if number % 2 == 0 else reversed(REPLICAS):
                    found[count].append(_once(cluster, sites[count], count, share, path))
    except NoControlGroups as error:
        return f"Not measured: this machine allows no control groups ({error})."
    return share, found


def _site(cluster, count):
    replicas = [f"replica{number + 1}" for number in range(count)]
    threads = str(_readers(count) // 2)
    return served(cluster, "ours", replicas, WEB_CONCURRENCY="2", WEB_THREADS=threads, ROUTING_KEYS=PATIENCE)


def _warm(cluster, site, count, path):
    """Until each of the site's threads has a connection to each replica: in a slice it takes seconds to connect."""
    wanted = _connections(cluster) + count * _readers(count)
    for _ in range(WARM):
        load(site.address(path), 2 * _readers(count), WARM_SECONDS)
        site.warm(path, pages=1)  # which comes after all those that wrk did not wait for: the next would queue behind
        if _connections(cluster) >= wanted:
            break


def _connections(cluster):
    counted = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'reader'"
    return sum(node.ask(counted)[0] for node in cluster.replicas)


def _readers(count):
    return READERS * max(count, 1)


def _share(cluster, site, path):
    """What of a core each server gets: enough for as many pages as the web server can make of them all."""
    before = site.cpu_seconds(), _used(cluster)
    pages = load(site.address(path), MOST_REPLICAS, SECONDS).pages
    web = (site.cpu_seconds() - before[0]) / pages
    sql = sum(used - before[1][name] for name, used in _used(cluster).items()) / pages
    return WEB * psutil.cpu_count() / MOST_REPLICAS / web * sql


def _used(cluster):
    return {node.name: cpu_seconds(node) for node in cluster.nodes.values()}


def _once(cluster, site, count, share, path):
    before = _used(cluster)
    result = load(site.address(path), _readers(count), SECONDS)
    used = {name: (used - before[name]) / SECONDS / share for name, used in _used(cluster).items()}
    return result.a_second, used


def report(found, folder):
    title = "4. Scale"
    if isinstance(found, str):
        return section(title, found)
    slice_, found = found
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
        f"A story's page. A control group holds every server to {100 * slice_:.1f} % of a core; {READERS} connections "
        f"of wrk for each server that serves pages; {ROUNDS} rounds of {SECONDS} s, in changing order. Servers that "
        "are slow on purpose are not to be taken for broken ones: timeouts are 10 s, and replicas are not probed. "
        "Load is the part of its slice that a server used.",
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
