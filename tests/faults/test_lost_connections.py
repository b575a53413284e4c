"""Connections end, and their servers live on: as after a restart, or where a firewall forgets those that lie idle."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connections, transaction
from django.test import Client
from django.urls import path

from backoffice.models import Section
from routing import layer
from tests.faults.under_load.breaking import end_connections
from tests.support import routing_urls

pytestmark = [
    pytest.mark.urls(__name__),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]
calls = []
meanwhile = []  # what happens in the middle of the next page


def saves(request):
    """As the admin does: all of it, or nothing."""
    calls.append(request.method)
    with transaction.atomic():
        Section.objects.create(name="one", slug="one")
        while meanwhile:
            meanwhile.pop()()
        Section.objects.create(name="two", slug="two")
    return routing_urls.HttpResponse()


def fails(request):
    with transaction.atomic():
        Section.objects.create(name="one", slug="one", position=-1)


def greets(request):
    """A page that asks a replica, and then the primary."""
    calls.append(request.method)
    names = [section.name for section in Section.objects.all()]
    while meanwhile:
        meanwhile.pop()()
    return routing_urls.JsonResponse({"names": names, "users": get_user_model().objects.count()})


urlpatterns = [
    *routing_urls.urlpatterns,
    path("saves/", saves),
    path("fails-in-a-transaction/", fails),
    path("greets/", greets),
]


@pytest.fixture(autouse=True)
def _first_comes_first(monkeypatch):
    monkeypatch.setattr(layer.random, "choice", lambda names: names[0])
    calls.clear()
    meanwhile.clear()
    yield
    connections.close_all()


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def test_a_transaction_that_lost_its_connection_is_answered_honestly_and_done_once(client, cluster):
    meanwhile.append(lambda: end_connections(cluster, "primary"))
    response = client.post("/saves/")  # Django has connected again by the time that it fails
    assert response.status_code == 503
    assert "The primary database cannot be reached" in response.text
    assert calls == ["POST"]
    assert not Section.objects.exists()
    assert client.post("/saves/").status_code == 200


def test_a_transaction_that_fails_on_its_own_is_the_pages_own_failure(client):
    assert client.post("/fails-in-a-transaction/").status_code == 500


def test_a_thread_whose_connections_are_all_dead_makes_the_page(client, cluster):
    for alias in connections:
        connections[alias].ensure_connection()
    meanwhile.extend(lambda name=name: end_connections(cluster, name) for name in cluster.nodes)
    assert client.get("/greets/").status_code == 200
    assert calls == ["GET", "GET"]
