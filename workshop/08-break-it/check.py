"""Chapter 8: a replica dies, a replica freezes, the primary dies and the other replica takes its place."""

import threading
import time
from contextlib import contextmanager, redirect_stderr
from io import StringIO

import psycopg2
import reading
from asking import ask

from cluster import faults
from cluster.promotion import promote, rejoin
from workshop.lab import REPLICAS

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
    faults.kill(lab.cluster, "replica1")
    try:
        yield
    finally:
        faults.start(lab.cluster, "replica1")


@contextmanager
def frozen(lab):
    """replica1 keeps its port open and answers nobody: for FREEZE seconds, or until the block ends."""
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
    """The primary dies, and replica2 takes its place; afterwards all is as it was."""
    with redirect_stderr(StringIO()):  # what the cluster says meanwhile
        faults.kill(lab.cluster, "primary")
        promote(lab.cluster, "replica2")
        try:
            yield
        finally:
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
        print(f"replica1 is dead:    {pages(lab, KILLED)[0]} of {KILLED} pages failed")
    with frozen(lab):
        print(f"replica1 is frozen:  the slowest page came after {pages(lab, FROZEN)[1]:.1f} s")
    with promoted(lab):
        print(f"replica2 is primary: the save {'is there' if save(lab, 'run') is True else 'failed'}")


def check(lab):
    failed, _ = pages(lab, 20)
    assert not failed, f"all three are well, and {failed} of 20 pages failed: DEADLINE is too short for a page."
    with killed(lab):
        failed, _ = pages(lab, KILLED)
    assert not failed, (
        f"replica1 was dead, and {failed} of {KILLED} pages failed, though replica2 had them all. A read can be done "
        "again: in read(), try the replicas in random order, and go on to the next at psycopg2.OperationalError."
    )
    with frozen(lab):
        failed, slowest = pages(lab, FROZEN)
    assert not failed, f"replica1 was frozen, and {failed} of {FROZEN} pages failed. Ask the other one after DEADLINE."
    assert slowest < 1, (
        f"replica1 was frozen for {FREEZE:.0f} s, and a page waited {slowest:.1f} s. Its port is open, so nothing in "
        "libpq or Django notices. Only a clock does: set DEADLINE to half a second."
    )
    with promoted(lab):
        saved = save(lab, "check")
    assert saved is True, (
        f"the primary died, replica2 took its place, and the save failed: {saved}. Name all three servers, with "
        "commas between them, and let libpq find the one that takes writes: ?target_session_attrs=read-write"
    )
    return f"a replica dead, then frozen: no page failed, none took over {slowest:.1f} s; the save found its way"
