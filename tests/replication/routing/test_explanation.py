"""What routing.explain says of a bookmark is what the next page of that browser does."""

import pytest
from django.db import connections
from django.test import Client, RequestFactory

from routing.observing import explain
from routing.pytest_plugin import assert_queries
from routing.wal import forget_servers

pytestmark = [
    pytest.mark.urls("tests.support.routing_urls"),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]


@pytest.fixture(autouse=True)
def _nothing_known():
    forget_servers()


def next_request(client):
    factory = RequestFactory()
    factory.cookies = client.cookies
    return factory.get("/names/")


def test_while_both_replicas_are_behind_the_bookmark_decides(replay_paused):
    with replay_paused("replica1", "replica2"):
        client = Client()
        client.post("/write/", {"name": "new"})
        explanation = explain(next_request(client))
        page = client.get("/names/").json()
    assert (explanation.alias, explanation.rule) == (page["alias"], 9)
    assert explanation.bookmark in explanation.why
    assert explanation.waited > 0


def test_while_one_replica_is_behind_it_is_the_other(replay_paused):
    with replay_paused("replica1"):
        client = Client()
        client.post("/write/", {"name": "new"})
        explanation = explain(next_request(client))
        page = client.get("/names/").json()
    assert (explanation.alias, explanation.rule) == (page["alias"], 10) == ("replica2", 10)
    assert explanation.bookmark in explanation.why


def test_the_primary_is_not_asked(wait_until_replayed):
    client = Client()
    client.post("/write/", {"name": "new"})
    wait_until_replayed()
    request = next_request(client)
    with assert_queries(replicas=1):
        explain(request)


def test_a_reader_without_a_bookmark_is_explained_without_a_connection():
    connections.close_all()
    assert explain(RequestFactory().get("/")).rule == 10
    assert all(connections[alias].connection is None for alias in connections)
