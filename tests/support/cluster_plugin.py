"""Gives the tests a cluster of their own, before Django reads its settings. Loaded by `-p` in pyproject.toml."""

import os
import signal
from contextlib import ExitStack

import pytest

from cluster.binaries import PASSWORD
from cluster.local import Cluster
from cluster.temporary import temporary_cluster

cluster_key = pytest.StashKey[Cluster]()


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config):
    os.environ["DEMO"] = "1"
    # A shell's background job ignores Ctrl-C, and would pass that on to the programs that tests interrupt.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if not _runs_tests(early_config.known_args_namespace):
        return
    stack = ExitStack()
    early_config.add_cleanup(stack.close)
    early_config.stash[cluster_key] = cluster = stack.enter_context(temporary_cluster())
    _connect_faster(cluster)
    os.environ.update(cluster.environment())


def _connect_faster(cluster):
    """Tests connect thousands of times, and 4,096 rounds of hashing a password take two thirds of each."""
    roles = ("postgres", "app", "reader", "replicator", "lab")
    passwords = "".join(f"ALTER ROLE {role} PASSWORD '{PASSWORD}';" for role in roles)
    cluster.primary.ask(f"SET scram_iterations = 1; {passwords}")


def _runs_tests(options):
    if options.numprocesses and "PYTEST_XDIST_WORKER" not in os.environ:
        return False  # it hands the tests out: each of its workers has a cluster
    return not (options.collectonly or options.help or options.version)
