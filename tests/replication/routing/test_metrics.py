"""Metrics for Prometheus count what requests did, and say how far the replicas are."""

import pytest
from django.apps import apps
from django.db import connections
from django.test import Client
from django.urls import path
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families

from backoffice.models import Section
from routing.bookmarks import bookmark
from routing.bookmarks.bookmark import Bookmark
from routing.driver import leave_pool
from routing.observing.metrics import connect, metrics
from routing.observing.signals import bookmark_waited, page_repeated, replica_changed, statement_ran
from routing.position import Position
from routing.survival import health
from routing.wal import forget_servers
from tests.support.routing_urls import urlpatterns as routing_urls

SIGNALS = (statement_ran, bookmark_waited, page_repeated, replica_changed)
urlpatterns = [path("metrics", metrics), *routing_urls]
pytestmark = [
    pytest.mark.urls(__name__),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]


@pytest.fixture
def counting(settings):
    """EXPLAIN is off: the metrics alone have the replicas watched."""
    settings.ROUTING = {**settings.ROUTING, "EXPLAIN": False}
    forget_servers()
    connect()
    yield
    disconnect()


def disconnect():
    for signal in SIGNALS:
        for _, receiver, *_ in list(signal.receivers):
            assert signal.disconnect(receiver())


def scrape():
    """Return what the page says: a value for each name and set of labels."""
    text = Client().get("/metrics").content.decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    return {(sample.name, *sample.labels.values()): sample.value for sample in samples}


def changes(before, after, name):
    """Return by how much the counters of that name went up: those that did."""
    keys = [key for key in after if key[0] == name and after[key] != before.get(key, 0)]
    return {key[1:]: after[key] - before.get(key, 0) for key in keys}


@pytest.mark.usefixtures("counting")
def test_a_readers_page_counts_for_its_replica(in_a_new_thread):
    def read():
        before = scrape()
        alias = Client().get("/names/").json()["alias"]
        return alias, changes(before, scrape(), "routing_statements_total")

    alias, counts = in_a_new_thread(read)
    assert counts == {(alias, "public path"): 1}


@pytest.mark.usefixtures("counting")
def test_a_write_and_the_question_for_its_bookmark_count_for_the_primary():
    before = scrape()
    Client().post("/write/", {"name": "new"})
    counts = changes(before, scrape(), "routing_statements_total")
    assert counts["default", "write"] == counts["default", "bookmark"] == 1


@pytest.mark.usefixtures("counting")
def test_what_a_bookmark_waits_is_counted_where_it_sends_the_request(replay_paused):
    with replay_paused("replica1", "replica2"):
        Section.objects.create(name="New", slug="new")
        link = f"/names/?bookmark={Bookmark(Position.parse(bookmark())).sign()}"
        before = scrape()
        assert Client().get(link).json()["alias"] == "default"
        after = scrape()
    assert changes(before, after, "routing_bookmark_wait_seconds_count") == {("default",): 1}
    assert changes(before, after, "routing_bookmark_wait_seconds_sum")["default",] > 0.01


@pytest.mark.usefixtures("counting")
def test_a_page_that_a_replica_failed_counts_as_made_again(in_a_new_thread):
    def read():
        before = scrape()
        for name in ("replica1", "replica2"):
            connections[name].close()
            leave_pool(connections[name])
            connections[name].settings_dict = {**connections[name].settings_dict, "PORT": 1}
        assert Client().get("/names/").json()["alias"] == "default"
        return changes(before, scrape(), "routing_retries_total")

    assert in_a_new_thread(read) == {("replica1",): 1, ("replica2",): 1}


@pytest.mark.usefixtures("counting")
def test_a_replica_counts_as_left_out_until_it_is_back():
    health.report("replica1", "no answer")
    assert scrape()["routing_replica_left_out", "replica1"] == 1
    while not health.is_fit("replica1"):
        health.report("replica1", "")
    assert scrape()["routing_replica_left_out", "replica1"] == 0


def test_lag_is_that_of_the_replica_that_is_behind(replay_paused):
    with replay_paused("replica1"):
        Section.objects.create(name="New", slug="new")
        bookmark()
        now = scrape()
    assert now["routing_replica_lag_bytes", "replica1"] > 0
    assert now["routing_replica_lag_seconds", "replica1"] >= 0
    assert now["routing_replica_streaming", "replica1"] == 1


def test_a_replica_that_does_not_answer_streams_nothing_and_has_no_lag(in_a_new_thread):
    def scrape_without_replica1():
        leave_pool(connections["replica1"])
        connections["replica1"].settings_dict = {**connections["replica1"].settings_dict, "PORT": 1}
        return scrape()

    now = in_a_new_thread(scrape_without_replica1)
    assert now["routing_replica_streaming", "replica1"] == 0
    assert ("routing_replica_lag_bytes", "replica1") not in now
    assert now["routing_replica_streaming", "replica2"] == 1


def test_the_setting_is_all_that_counting_needs(settings):
    settings.ROUTING = {**settings.ROUTING, "METRICS": True}
    apps.get_app_config("routing_observing").ready()
    try:
        assert all(signal.receivers for signal in SIGNALS)
    finally:
        disconnect()


@pytest.mark.usefixtures("counting")
def test_where_several_processes_count_the_page_reads_their_folder(monkeypatch, tmp_path):
    Client().post("/write/", {"name": "new"})
    assert ("routing_statements_total", "default", "write") in scrape()
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", str(tmp_path))
    assert ("routing_statements_total", "default", "write") not in scrape()  # this process does not count there


def test_nothing_is_counted_unless_it_is_wanted():
    assert not any(signal.receivers for signal in SIGNALS)
    before = REGISTRY.get_sample_value("routing_statements_total", {"alias": "default", "reason": "write"})
    Client().post("/write/", {"name": "new"})
    assert REGISTRY.get_sample_value("routing_statements_total", {"alias": "default", "reason": "write"}) == before


@pytest.mark.urls("config.urls")
def test_the_demo_has_no_metrics_page_by_default():
    assert Client().get("/metrics").status_code == 404
