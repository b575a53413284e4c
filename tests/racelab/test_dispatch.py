"""The wrong routers serve who brings the runner's signed header, and nobody else."""

import pytest
from django.apps import apps
from django.core import signing
from django.core.exceptions import ImproperlyConfigured
from django.test import override_settings

from racelab.dispatch import HEADER, sign
from racelab.routers import WRONG

pytestmark = [
    pytest.mark.urls("tests.support.routing_urls"),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]
NAIVE = {"naive router"}


def reasons(client, header):
    response = client.get("/reads/", headers={HEADER: header} if header else {})
    return {entry.partition('desc="')[2].partition('"')[0] for entry in response.headers["Server-Timing"].split(",")}


def test_a_signed_header_chooses_the_router(client):
    assert reasons(client, sign("naive")) == NAIVE
    assert reasons(client, sign("published")) == {"published router"}
    assert "public path" in reasons(client, sign("ours"))


@pytest.mark.parametrize(
    "header",
    [None, "", "naive", "naive:x:y", signing.TimestampSigner().sign("naive"), sign("routers"), sign("naive") + "x"],
    ids=["none", "empty", "unsigned", "wrongly signed", "signed elsewhere", "not a router", "tampered with"],
)
def test_any_other_request_falls_through_to_the_path_router(client, header):
    assert reasons(client, header) == {"public path"}


def test_an_old_header_is_worth_nothing(client, monkeypatch):
    monkeypatch.setattr("racelab.dispatch.MAX_AGE", -1)
    assert reasons(client, sign("naive")) == {"public path"}


def test_the_naive_router_reads_even_logins_from_replicas(client):
    client.cookies["sessionid"] = "a" * 32
    response = client.get("/reads/", headers={HEADER: sign("naive")})
    assert "default" not in response.headers["Server-Timing"]


def test_the_published_router_takes_whatever_begins_with_admin_for_the_admin(client):
    page = client.get("/administration-guide/", headers={HEADER: sign("published")})
    assert page.content == b"default"


def test_the_wrong_routers_cannot_be_installed_without_the_demo():
    with override_settings(DEMO=False), pytest.raises(ImproperlyConfigured, match="wrong on purpose"):
        apps.get_app_config("racelab").ready()


def test_the_wrong_routers_say_so_in_their_first_line():
    import racelab.routers

    assert racelab.routers.__doc__.startswith("WRONG ON PURPOSE")
    assert set(WRONG) == {"naive", "published", "pinned", "multidb", "waiting"}
