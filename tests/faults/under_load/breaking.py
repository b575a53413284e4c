"""What can happen to a replica for a while: `with frozen(cluster, "replica1"):`, and it is whole again afterwards."""

from contextlib import contextmanager

from cluster import faults
from cluster.local import Cluster

END_ALL = "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity WHERE usename IN ('app', 'reader')"
# Both are replayed at once, and stand in the way of whoever reads: a conflict.
CONFLICTS = (
    "ALTER TABLE backoffice_story ALTER COLUMN headline SET DEFAULT ''",
    "VACUUM (FREEZE, TRUNCATE) backoffice_tag",
)


def _for_a_while(called, breaks, mends):
    @contextmanager
    def broken(cluster, name):
        breaks(cluster, name)
        try:
            yield
        finally:
            mends(cluster, name)

    broken.__name__ = called
    return broken


killed = _for_a_while("killed", faults.kill, faults.start)
stopped = _for_a_while("stopped", faults.stop, faults.start)
frozen = _for_a_while("frozen", faults.freeze, faults.thaw)
paused = _for_a_while("paused", Cluster.pause, Cluster.resume)


@contextmanager
def late(cluster, name, seconds=2):
    cluster.lag(name, seconds)
    try:
        yield
    finally:
        cluster.lag(name, 0)


@contextmanager
def cut_off(cluster, name):
    """It looks for the primary where nobody is."""
    with setting(cluster, name, "primary_conninfo = 'host=127.0.0.1 port=1'"):
        yield


@contextmanager
def intolerant(cluster, name):
    """It lets no query stand in the way of replay."""
    with setting(cluster, name, "max_standby_streaming_delay = 0"):
        yield


@contextmanager
def setting(cluster, name, assignment):
    replica = cluster.node(name)
    replica.ask(f"ALTER SYSTEM SET {assignment}")
    replica.ask("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        replica.ask(f"ALTER SYSTEM RESET {assignment.split()[0]}")
        replica.ask("SELECT pg_reload_conf()")


def end_connections(cluster, name):
    """End every connection of the newspaper to a node, and return how many when none is left."""
    return cluster.node(name).ask(END_ALL)[0]
