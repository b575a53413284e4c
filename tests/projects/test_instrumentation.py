"""What watches a project's databases takes the place of the driver's classes: connections are made, and watched."""

import pytest

WATCHERS = ["prometheus", "opentelemetry", "sentry", "datadog"]


@pytest.mark.parametrize("name", WATCHERS)
def test_statements_are_seen_and_a_frozen_replica_is_left_in_time(run_site, name):
    run_site("watched", WATCHER=name)
