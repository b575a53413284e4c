"""Every test in this folder needs real standbys."""

from pathlib import Path

import pytest
from django.db import connections

from cluster import faults
from tests.support.drivers import leave_pools


def pytest_collection_modifyitems(items):
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.real_replicas)


@pytest.fixture
def whole_again(cluster):
    """At the end all nodes are whole, and nothing is connected to what broke."""
    yield
    for name, node in cluster.nodes.items():
        if node.process():
            faults.thaw(cluster, name)
        else:
            faults.start(cluster, name)
    connections.close_all()
    leave_pools()
