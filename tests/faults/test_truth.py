"""/health/ready/ and replication_status say what is the case, while databases are dead or frozen; so does the 503."""

import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connections
from django.test import Client

from cluster import faults
from tests.support.drivers import leave_pools

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])


@pytest.fixture(autouse=True)
def _nothing_is_connected(whole_again):
    connections.close_all()
    leave_pools()


def test_a_frozen_replica_is_reported_and_holds_nobody_up(cluster, capsys):
    faults.freeze(cluster, "replica1")
    response = Client().get("/health/ready/")
    assert response.status_code == 200
    assert response.json()["nodes"] == {
        "default": "primary",
        "replica1": "unreachable",
        "replica2": "replica",
    }
    with pytest.raises(CommandError, match="replica1: .*timeout expired"):
        call_command("replication_status")
    assert "unreachable" in capsys.readouterr().out


def test_a_dead_primary_is_reported_and_the_site_is_ready_to_be_read(cluster, caplog):
    """Anyone may ask: who and where the servers are is for the log."""
    faults.kill(cluster, "primary")
    response = Client().get("/health/ready/")
    assert response.status_code == 200
    assert response.json()["nodes"]["default"] == "unreachable"
    assert f"port {cluster.primary.port} failed" in caplog.text
    assert str(cluster.primary.port) not in response.content.decode()
    with pytest.raises(CommandError, match="default: .*refused"):
        call_command("replication_status", verbosity=0)


@pytest.mark.parametrize("is_connected", [True, False], ids=["connected", "not connected"])
def test_a_frozen_primary_is_reported_and_holds_no_probe_up(is_connected, cluster):
    if is_connected:
        assert Client().get("/health/ready/").json()["nodes"]["default"] == "primary"
    faults.freeze(cluster, "primary")
    start = time.monotonic()
    response = Client().get("/health/ready/")
    assert time.monotonic() - start < 4
    assert response.status_code == 200
    assert response.json()["nodes"]["default"] == "unreachable"
    assert response.json()["nodes"]["replica1"] == "replica"


def test_where_all_are_frozen_the_probe_says_so_within_seconds(cluster):
    Client().get("/health/ready/")
    for name in cluster.nodes:
        faults.freeze(cluster, name)
    start = time.monotonic()
    response = Client().get("/health/ready/")
    assert time.monotonic() - start < 8
    assert response.status_code == 503
    assert all(state == "unreachable" for state in response.json()["nodes"].values())


def test_without_the_primary_the_admin_says_so_in_the_clothes_of_the_paper(cluster):
    faults.kill(cluster, "primary")
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "somebodys"
    response = client.get("/admin/")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert "<h1>The presses are standing still</h1>" in response.text
    assert "The primary database cannot be reached." in response.text
    assert "sessionid" not in response.cookies
