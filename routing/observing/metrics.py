"""Metrics for Prometheus: where requests run SQL and why, what bookmarks cost, and how far behind replicas are.

Imported only with ROUTING["METRICS"]; needs the package prometheus-client. With several processes that serve one
address, set PROMETHEUS_MULTIPROC_DIR to an empty folder before they start. Each process then answers for all of them.
"""

import os
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

from .signals import bookmark_waited, page_repeated, replica_changed, statement_ran
from .status import replication_status

try:
    from prometheus_client import (
        CONTENT_TYPE_LATEST,
        REGISTRY,
        CollectorRegistry,
        Counter,
        Gauge,
        Histogram,
        generate_latest,
    )
    from prometheus_client.metrics_core import GaugeMetricFamily
    from prometheus_client.multiprocess import MultiProcessCollector
    from prometheus_client.registry import Collector
except ImportError as error:
    raise ImproperlyConfigured(
        "ROUTING['METRICS'] needs prometheus-client. Run: pip install prometheus-client"
    ) from error

STATEMENTS = Counter("routing_statements", "Statements of requests", ["alias", "reason"])
RETRIES = Counter("routing_retries", "Pages made again, by the database that failed them", ["alias"])
LEFT_OUT = Gauge(
    "routing_replica_left_out", "Processes that leave this replica out", ["alias"], multiprocess_mode="livesum"
)
WAITS = Histogram(
    "routing_bookmark_wait_seconds",
    "What it took to find a database for a request with a bookmark, and which it was",
    ["alias"],
    buckets=(0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1),
)


def connect() -> None:
    """Start counting. Call it before the first connection: those that are open already are not watched."""
    statement_ran.connect(_count)
    bookmark_waited.connect(_observe)
    page_repeated.connect(_repeat)
    replica_changed.connect(_leave_out)


def _count(*, alias: str, reason: str, **kwargs: Any) -> None:
    STATEMENTS.labels(alias, reason).inc()


def _observe(*, alias: str, seconds: float, **kwargs: Any) -> None:
    WAITS.labels(alias).observe(seconds)


def _repeat(*, alias: str, **kwargs: Any) -> None:
    RETRIES.labels(alias).inc()


def _leave_out(*, alias: str, problem: str, **kwargs: Any) -> None:
    LEFT_OUT.labels(alias).set(bool(problem))


class _Replication(Collector):
    """The replicas' current state, by their own account: one statement on each node for each scrape."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        streaming = GaugeMetricFamily("routing_replica_streaming", "1: receives the primary's WAL", labels=["alias"])
        size = GaugeMetricFamily("routing_replica_lag_bytes", "WAL not replayed yet, if known", labels=["alias"])
        seconds = GaugeMetricFamily("routing_replica_lag_seconds", "Age of what is shown, if known", labels=["alias"])
        for node in replication_status()[1:]:
            streaming.add_metric([node.alias], bool(node.streaming))
            if node.bytes_behind is not None:
                size.add_metric([node.alias], node.bytes_behind)
            if node.seconds_behind is not None:
                seconds.add_metric([node.alias], node.seconds_behind)
        yield from (streaming, size, seconds)


def metrics(request: HttpRequest) -> HttpResponse:
    """The page for Prometheus. Don't let the public see it."""
    scraped: Any = request
    scraped.is_in_scope = False  # no reader's page: its own statements are not to be counted
    counted = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        counted = CollectorRegistry()
        MultiProcessCollector(counted)  # type: ignore[no-untyped-call]
    now = CollectorRegistry()
    now.register(_Replication())
    return HttpResponse(generate_latest(counted) + generate_latest(now), content_type=CONTENT_TYPE_LATEST)
