"""What tests of real replicas need: to hold them back, and to wait for them. Nothing sleeps."""

from contextlib import contextmanager
from threading import Thread

import pytest
from django.core.cache import cache
from django.db import connections

from routing.bookmarks import burst
from tests.support.cluster_plugin import cluster_key

pytest_plugins = ["routing.pytest_plugin", "tests.support.own_cluster"]
REPLICAS = ("replica1", "replica2")


@pytest.fixture(scope="session")
def cluster(pytestconfig):
    """The tests' own cluster."""
    return pytestconfig.stash[cluster_key]


@pytest.fixture
def wait_until_replayed(cluster):
    """A function that returns once both replicas show all that is committed."""

    def wait():
        for name in REPLICAS:
            cluster.wait_until_replayed(name)

    return wait


@pytest.fixture
def replay_paused(cluster):
    """`with replay_paused("replica1", "replica2"):` they stay at this moment until the block ends."""

    @contextmanager
    def paused(*names):
        try:
            for name in names:
                cluster.pause(name)
            yield
        finally:
            for name in names:
                cluster.resume(name)

    return paused


@pytest.fixture
def in_a_new_thread():
    """A function that calls another one in a thread of its own, hence on connections of its own."""

    def run(function):
        results = []

        def call():
            try:
                results.append(function())
            finally:
                connections.close_all()

        thread = Thread(target=call)
        thread.start()
        thread.join()
        return results[0]

    return run


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    burst.forget_visitors()


@pytest.fixture(autouse=True)
def _replicas_caught_up(request):
    """A test that commits starts with replicas that have what the one before left: nothing."""
    marker = request.node.get_closest_marker("django_db")
    if marker and marker.kwargs.get("transaction"):
        request.getfixturevalue("transactional_db")
        request.getfixturevalue("wait_until_replayed")()
