"""A cluster for as long as a block runs, for tests and lessons. It doesn't touch a running `make run`."""

import os
import secrets
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import ClusterError
from .local import Cluster


@contextmanager
def temporary_cluster(ports: int = 3) -> Iterator[Cluster]:
    """Give a cluster that is up, in a temporary folder and on free ports, and delete it at the end.

    More than three `ports` leave room for more replicas.
    """
    with tempfile.TemporaryDirectory(prefix="daily-replica-") as folder:
        os.chmod(folder, 0o755)  # the servers may run as another user
        cluster = Cluster(Path(folder) / "cluster", free_ports(ports))
        try:
            cluster.up()
            yield cluster
        finally:
            cluster.reset()


def free_ports(count: int = 3) -> int:
    """Return the first of so many neighbours that nobody uses.

    By chance: whoever looks at the same time is not to find the same ones, which stay free until the servers start.
    """
    for _ in range(100):
        port = 20000 + count * secrets.randbelow(12000 // count)  # below the ports of outgoing connections
        probes = [socket.socket() for _ in range(count)]
        try:
            for number, probe in enumerate(probes):
                probe.bind(("127.0.0.1", port + number))
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()
        return port
    raise ClusterError(f"No {count} free ports in a row were found between 20000 and 32000. Stop what uses them.")
