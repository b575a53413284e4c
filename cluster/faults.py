"""Breaks one node on purpose, and mends it: kill, freeze, thaw, stop, start."""

import psutil

from . import processes
from .errors import ClusterError
from .local import Cluster
from .node import Node


def kill(cluster: Cluster, name: str) -> None:
    """Kill a node's processes, all at once, as a power cut does."""
    processes.kill(_process(cluster.node(name)))


def freeze(cluster: Cluster, name: str) -> None:
    """Stop a node's processes: its sockets stay open, and nothing answers."""
    processes.freeze(_process(cluster.node(name)))


def thaw(cluster: Cluster, name: str) -> None:
    """Let a frozen node continue."""
    processes.thaw(_process(cluster.node(name)))


def stop(cluster: Cluster, name: str) -> None:
    """Stop a node cleanly."""
    with cluster.folder.alone():
        cluster.node(name).stop()


def start(cluster: Cluster, name: str) -> None:
    """Start a node that was killed or stopped, and return when it answers. It need not stream yet."""
    with cluster.folder.alone():
        node = cluster.node(name)
        if not node.exists:
            raise ClusterError(f"{name} has no data yet. Make the cluster first: python -m cluster up.")
        if node.process():
            raise ClusterError(f"{name} runs already. If it is frozen: python -m cluster thaw {name}.")
        node.clear_leftovers()
        node.check_port()
        cluster.start(node)


def _process(node: Node) -> psutil.Process:
    process = node.process()
    if process is None:
        raise ClusterError(f"{node.name} does not run. Start it: python -m cluster start {node.name}.")
    return process
