"""The benchmark's own cluster, and the newspaper in it."""

import os
import socket
import tempfile
from contextlib import ExitStack, contextmanager
from pathlib import Path

from cluster.local import Cluster
from cluster.node import Node

MOST_REPLICAS = 4


@contextmanager
def own_cluster():
    """Give a cluster like that of `make run`, on ports that leave room for more replicas; delete it at the end."""
    with tempfile.TemporaryDirectory(prefix="daily-replica-bench-") as folder:
        os.chmod(folder, 0o755)  # the servers may run as another user
        cluster = Cluster(Path(folder) / "cluster", _free_ports(1 + MOST_REPLICAS))
        try:
            cluster.up()
            yield cluster
        finally:
            cluster.reset()


def add_replicas(cluster):
    """Let the cluster have MOST_REPLICAS. It is restarted for it."""
    for number in range(3, MOST_REPLICAS + 1):
        cluster.nodes[f"replica{number}"] = Node(f"replica{number}", cluster.primary.port + number, cluster.programs)
    cluster.up()


def wait_until_replayed(cluster, timeout=120):
    for node in cluster.replicas:
        cluster.wait_until_replayed(node.name, timeout)


def set_lag(cluster, milliseconds, names=("replica1", "replica2")):
    """Let replicas replay every commit so much later."""
    for name in names:
        cluster.lag(name, milliseconds / 1000)


def _free_ports(count):
    for port in range(24000 + os.getpid() % 1000, 32000, count):  # below the ports of outgoing connections
        with ExitStack() as stack:
            try:
                for number in range(count):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port + number))
                return port
            except OSError:
                continue
    raise RuntimeError("There are no free ports in a row below 32000. Stop what uses them.")
