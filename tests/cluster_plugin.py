"""Gives the tests a cluster of their own, before Django reads its settings. Loaded by `-p` in pyproject.toml."""

import os
import signal
import socket
import tempfile
from pathlib import Path

import pytest

from cluster.local import Cluster

cluster_key = pytest.StashKey[Cluster]()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config):
    os.environ["DEMO"] = "1"
    # A shell's background job ignores Ctrl-C, and would pass that on to the programs that tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not _runs_tests(early_config.known_args_namespace):
        return
    folder = tempfile.TemporaryDirectory(prefix="daily-replica-tests-")
    os.chmod(folder.name, 0o755)
    cluster = Cluster(Path(folder.name) / "cluster", three_free_ports())
    early_config.stash[cluster_key] = cluster
    early_config.add_cleanup(folder.cleanup)
    early_config.add_cleanup(cluster.reset)
    cluster.up()
    os.environ.update(cluster.environment())


def _runs_tests(options):
    return not (options.collectonly or options.help or options.version)


def three_free_ports():
    """The first of three neighbours that nobody uses."""
    for port in range(20000 + os.getpid() % 3000 * 3, 32000, 3):  # below the ports of outgoing connections
        probes = [socket.socket() for _ in range(3)]
        try:
            for number, probe in enumerate(probes):
                probe.bind(("127.0.0.1", port + number))
        except OSError:
            continue
        finally:
            for probe in probes:
                probe.close()
        return port
    raise RuntimeError("There are no three free ports in a row.")
