"""Promotes another node, makes the rest follow it, and takes the old primary back as a replica."""

from . import processes
from .errors import ClusterError
from .local import Cluster
from .node import Node

_SLOT = "SELECT pg_create_physical_replication_slot('{0}', true) WHERE NOT EXISTS ({1})"
_EXISTS = "SELECT FROM pg_replication_slots WHERE slot_name = '{0}'"
# Physical slots of a primary's own are of no use on a replica, and would keep its log for ever.
_DROP = "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE slot_type = 'physical'"


def promote(cluster: Cluster, name: str) -> None:
    """Make a replica the primary, and let the others follow it.

    The old primary is taken down first, for two primaries would be two newspapers: in an orderly way if it answers,
    so that nothing is lost. Afterwards it can rejoin. Raises ClusterError if another replica has received more.
    """
    with cluster.folder.alone():
        new, old = cluster.replica(name), cluster.primary
        _take_down(old)
        others = [node for node in cluster.replicas if node is not new and node.process() and node.is_standby]
        for node in others:
            if _received(node) > _received(new):
                raise ClusterError(f"{node.name} has received more than {name}. Promote {node.name}, and lose less.")
        new.ask("SELECT pg_promote()")
        cluster.leader.write_text(name)
        for node in cluster.replicas:
            new.ask(_SLOT.format(node.name, _EXISTS.format(node.name)))
        for node in others:
            node.configure(new)
            node.ask("SELECT pg_reload_conf()")


def rejoin(cluster: Cluster, name: str) -> None:
    """Make the old primary a replica: whatever only it has is rewound and lost."""
    with cluster.folder.alone():
        node = cluster.replica(name)
        if node.is_standby:
            raise ClusterError(f"{name} is a replica already. If it does not run: python -m cluster start {name}.")
        cluster.rejoin(node)
        node.ask(_DROP)


def _take_down(node: Node) -> None:
    if process := node.process():
        if processes.is_frozen(process):
            processes.kill(process)
        else:
            node.stop()


def _received(node: Node) -> int:
    """Return how far a replica's log reaches, in bytes."""
    sql = "greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn"
    return int(node.ask(f"SELECT {sql}")[0])
