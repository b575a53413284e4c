"""What the benchmark does to its cluster."""

from cluster.node import Node

MOST_REPLICAS = 4


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
