"""A site with one of four packages that watch databases (WATCHER). Replicas freeze, and its page is there in time."""

import os
import time
from contextlib import nullcontext

from bare import REPLICAS, caught_up, found, frozen, project, tables, visitor

WATCHER = os.environ.get("WATCHER", "prometheus")
ENGINE = "django.db.backends.postgresql"
statements = []

if WATCHER == "prometheus":
    ENGINE = "django_prometheus.db.backends.postgresql"
elif WATCHER == "opentelemetry":
    from opentelemetry.instrumentation.psycopg2 import Psycopg2Instrumentor
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import SimpleSpanProcessor, SpanExporter, SpanExportResult

    class Keep(SpanExporter):
        def export(self, spans):
            statements.extend(span.attributes.get("db.statement", "") for span in spans)
            return SpanExportResult.SUCCESS

    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(Keep()))
    Psycopg2Instrumentor().instrument(tracer_provider=provider, skip_dep_check=True)
elif WATCHER == "sentry":
    import sentry_sdk
    from sentry_sdk.integrations.django import DjangoIntegration

    def keep(event, hint):
        statements.extend(span["description"] for span in event["spans"] if span["op"] == "db")

    sentry_sdk.init(
        dsn="http://word@127.0.0.1:9/1",  # nothing is sent: keep() returns None
        integrations=[DjangoIntegration()],
        traces_sample_rate=1.0,
        before_send_transaction=keep,
    )
else:
    os.environ["DD_TRACE_ENABLED"] = "true"
    from ddtrace import patch
    from ddtrace.trace import TraceFilter, tracer

    class Keep(TraceFilter):
        def process_trace(self, trace):
            statements.extend(span.resource for span in trace)

    tracer.configure(trace_processors=[Keep()])
    patch(psycopg=True, django=True)

project("django.contrib.sites", "django.contrib.flatpages", engine=ENGINE)

from django.contrib.flatpages.models import FlatPage
from django.db import connections
from django.http import HttpResponse
from django.urls import path

urlpatterns = [path("", lambda request: HttpResponse(" ".join(page.title for page in FlatPage.objects.all())))]
tables()
assert found() == []
FlatPage.objects.create(url="/", title="a title")
caught_up()


def read():
    start = time.monotonic()
    with sentry_sdk.start_transaction(name="/") if WATCHER == "sentry" else nullcontext():
        answer = visitor().get("/")
    assert (answer.status_code, answer.content) == (200, b"a title"), answer.content
    return time.monotonic() - start


while not all(connections[name].connection for name in REPLICAS):
    read()
with frozen(*REPLICAS):
    waited = read()
    assert waited < 2, waited  # 0.4 s for each, and what a busy machine adds
    assert read() < 2
while not all(connections[name].connection for name in REPLICAS):
    read()

if WATCHER == "prometheus":
    from prometheus_client import generate_latest

    lines = generate_latest().decode().splitlines()
    statements += [line for line in lines if line.startswith('django_db_execute_total{alias="repl')]
elif WATCHER == "sentry":
    sentry_sdk.flush()
assert any("django_flatpage" in text or "execute_total" in text for text in statements), statements[:5]
