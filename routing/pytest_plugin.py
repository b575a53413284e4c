"""For the tests of a project that copied this folder: `pytest_plugins = ["routing.pytest_plugin"]`, and pytest-django.

`frozen_replica` shows the past without a second server. `assert_queries` and `count_queries` count per database. Tests
with the marker `real_replicas` are skipped if the replica aliases aren't real standbys.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from .conf import conf
from .driver import leave_pool


@contextmanager
def frozen(*aliases: str) -> Iterator[None]:
    """Freeze replicas at this moment: they show what is committed now, whatever the primary commits later.

    A read-only, repeatable-read transaction on the primary stands in for the replica. It needs PostgreSQL and
    committed rows: `@pytest.mark.django_db(transaction=True, databases=[…])`. At the end the replica catches
    up. Without arguments, all replicas are frozen.
    """
    with ExitStack() as stack:
        for alias in aliases or conf().replicas:
            stack.enter_context(_snapshot(alias))
        yield


@contextmanager
def _snapshot(alias: str) -> Iterator[None]:
    original = connections[alias]
    snapshot = connections.create_connection(conf().primary)
    snapshot.alias = alias
    snapshot.settings_dict = {**connections[conf().primary].settings_dict}
    leave_pool(snapshot)  # a pool belongs to an alias
    connections[alias] = snapshot
    try:
        with snapshot.cursor() as cursor:
            cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT 1")  # the snapshot is taken by the first query
        yield
    finally:
        connections[alias] = original
        snapshot.close()


@contextmanager
def count_queries() -> Iterator[dict[str, int]]:
    """Count the queries of each database: `with count_queries() as counts:`. Filled at the block's end."""
    counts: dict[str, int] = {}
    with ExitStack() as stack:
        captured = _capture(stack)
        yield counts
    counts |= {alias: len(capture) for alias, capture in captured.items()}


@contextmanager
def assert_queries(**expected: int) -> Iterator[None]:
    """Assert how many queries each database gets: `with assert_queries(default=1, replica1=3):`.

    A database that is not named must get none. `replicas=3` counts all replicas together.
    """
    with ExitStack() as stack:
        captured = _capture(stack)
        yield
    counts = {alias: len(capture) for alias, capture in captured.items()}
    if "replicas" in expected:
        counts["replicas"] = sum(counts.pop(alias) for alias in conf().replicas)
    wrong = {name: count for name, count in counts.items() if count != expected.get(name, 0)}
    assert not wrong, "\n".join(
        f"{name}: {count} queries, expected {expected.get(name, 0)}" for name, count in wrong.items()
    ) + _list(captured)


def _capture(stack: ExitStack) -> dict[str, CaptureQueriesContext]:
    return {alias: stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections}


def _list(captured: dict[str, CaptureQueriesContext]) -> str:
    return "".join(
        f"\n  {alias}: {query['sql']}" for alias, capture in captured.items() for query in capture.captured_queries
    )


@pytest.fixture
def frozen_replica(transactional_db: Any) -> Callable[..., AbstractContextManager[None]]:
    """The function `frozen`, for a test that commits: `with frozen_replica():`."""
    return frozen


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "real_replicas: needs replicas that stream from a primary")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("real_replicas") and not _are_real():
        pytest.skip("the replica aliases don't lead to streaming replicas here")


def _are_real() -> bool:
    """Return whether every replica alias leads to a server of its own."""
    primary = connections[conf().primary].settings_dict
    return bool(conf().replicas) and all(
        (connections[alias].settings_dict["HOST"], connections[alias].settings_dict["PORT"])
        != (primary["HOST"], primary["PORT"])
        for alias in conf().replicas
    )
