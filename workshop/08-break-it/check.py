"""Chapter 8: a replica dies, a replica freezes, the primary dies and the other replica takes over."""

import threading
import time
from contextlib import contextmanager, redirect_stderr
from io import StringIO

import psycopg2
import reading
from asking import ask

from cluster import faults
from cluster.promotion import promote, rejoin
from workshop.console import doing
from workshop.lab import REPLICAS
from workshop.verdict import NotYet

KILLED, FROZEN = 40, 12  # pages
FREEZE = 2.0  # seconds
PAGE = "SELECT count(*) FROM backoffice_story"
SAVE = "INSERT INTO backoffice_tag (name, slug) VALUES ('{0}', '{0}') RETURNING id"


def pages(lab, number):
    """Read that many pages; return how many failed, and the seconds of the slowest."""
    replicas = [lab.cluster.url(name, "reader") for name in REPLICAS]
    failed, slowest = 0, 0.0
    for _ in range(number):
        start = time.monotonic()
        try:
            reading.read(replicas, PAGE)
        except psycopg2.OperationalError:
            failed += 1
        slowest = max(slowest, time.monotonic() - start)
    return failed, slowest


@contextmanager
def killed(lab):
    doing(f"replica1 dies, {KILLED} pages")
    faults.kill(lab.cluster, "replica1")
    try:
        yield
    finally:
        faults.start(lab.cluster, "replica1")


@contextmanager
def frozen(lab):
    """replica1 keeps its port open and answers nobody: for FREEZE seconds, or until the block ends."""
    doing(f"replica1 freezes, {FROZEN} pages")
    faults.freeze(lab.cluster, "replica1")
    thaw = threading.Timer(FREEZE, faults.thaw, [lab.cluster, "replica1"])
    thaw.start()
    try:
        yield
    finally:
        thaw.cancel()
        thaw.join()
        faults.thaw(lab.cluster, "replica1")


@contextmanager
def promoted(lab):
    """The primary dies, and replica2 takes its place; afterwards everything is as it was."""
    doing("the primary dies, and replica2 takes its place")
    with redirect_stderr(StringIO()):  # what the cluster says meanwhile
        faults.kill(lab.cluster, "primary")
        promote(lab.cluster, "replica2")
        try:
            yield
        finally:
            doing("putting all three back")
            rejoin(lab.cluster, "primary")
            promote(lab.cluster, "primary")
            rejoin(lab.cluster, "replica2")


def save(lab, name):
    """Save a tag; return whether it worked, or what was said."""
    servers = [f"127.0.0.1:{node.port}" for node in lab.cluster.nodes.values()]
    try:
        ask(reading.where_to_write(servers), SAVE.format(name), 5)
        return True
    except psycopg2.Error as error:
        return str(error).strip().partition("\n")[0]


def run(lab):
    with killed(lab):
        failed, _ = pages(lab, KILLED)
    print(f"replica1 is dead:    {failed} of {KILLED} pages failed")
    with frozen(lab):
        _, slowest = pages(lab, FROZEN)
    print(f"replica1 is frozen:  the slowest page came after {slowest:.1f} s")
    with promoted(lab):
        saved = save(lab, "run")
    print(f"replica2 is primary: the save {'is there' if saved is True else 'failed'}")


def check(lab):
    doing("20 pages, while all three servers are well")
    failed, _ = pages(lab, 20)
    if failed:
        raise NotYet(
            f"all three servers are well, and {failed} of 20 pages failed.",
            "0 failed.",
            "DEADLINE in reading.py: is it shorter than a page takes? Half a second is plenty.",
        )
    with killed(lab):
        failed, _ = pages(lab, KILLED)
    if failed:
        raise NotYet(
            f"replica1 was dead, and {failed} of {KILLED} pages failed.",
            "0 failed: replica2 had them all. A read can be asked again.",
            "read() in reading.py: try the replicas in random order, and go on to the next one at "
            "psycopg2.OperationalError.",
        )
    with frozen(lab):
        failed, slowest = pages(lab, FROZEN)
    if failed:
        raise NotYet(
            f"replica1 was frozen, and {failed} of {FROZEN} pages failed.",
            "0 failed.",
            "read() in reading.py: ask the other replica when DEADLINE has passed.",
        )
    if slowest >= 1:
        raise NotYet(
            f"replica1 was frozen for {FREEZE:.0f} s, and the slowest page took {slowest:.1f} s.",
            "no page slower than 1 s. A frozen server's port is open, so neither libpq nor Django notices anything. "
            "Only a clock does.",
            "DEADLINE in reading.py: half a second, and ask() gets it each time.",
        )
    with promoted(lab):
        saved = save(lab, "check")
    if saved is not True:
        raise NotYet(
            f"the primary died, replica2 took its place, and the save failed: {saved}.",
            "saved, on whichever server takes writes now.",
            "where_to_write() in reading.py: name all three servers, with commas between them, and let libpq find the "
            "one that takes writes: ?target_session_attrs=read-write",
        )
    return f"a replica dead, then frozen: no page failed, none took over {slowest:.1f} s; the save found its way"
