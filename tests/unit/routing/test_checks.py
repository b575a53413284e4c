"""Each mistake that ROUTING, or what has to stand beside it, can have is named by `manage.py check`."""

import pytest
from django.conf import settings as django_settings
from django.db import ConnectionRouter, connections, router

from routing.bookmarks.checks import check_database
from routing.checks.installation import check_installation
from routing.checks.neighbours import check_neighbours
from routing.checks.settings import check_settings
from routing.databases import replica_of


class MigratesEverywhere:
    def allow_migrate(self, db, app_label, **hints):
        return True


@pytest.fixture
def routers(monkeypatch):
    """Use other DATABASE_ROUTERS: Django reads the setting only once."""

    def use(*names):
        monkeypatch.setattr(router, "routers", ConnectionRouter(names).routers)

    return use


def found():
    return [message.id for message in [*check_settings(), *check_installation(), *check_neighbours()]]


def test_the_project_itself_has_no_mistake():
    assert found() == []


@pytest.mark.parametrize(
    ("routing", "expected"),
    [
        ({"REPLICA": ["replica1"]}, "routing.E001"),
        ({"REPLICAS": "replica1"}, "routing.E002"),
        ({"PRIMARY_PATHS": "/admin"}, "routing.E002"),
        ({"REPLICAS": ["replica9"]}, "routing.E003"),
        ({"PRIMARY": "main", "REPLICAS": []}, "routing.E003"),
        ({"REPLICAS": ["default"]}, "routing.E004"),
        ({"PRIMARY_MODELS": ["backoffice.Novel"]}, "routing.E008"),
        ({"PUBLIC_WRITES": "never"}, "routing.E011"),
        ({"STALE_SAVES": True}, "routing.E011"),
        ({"MONOTONIC_READS": "all"}, "routing.E011"),
        ({"PRIMARY_MODELS": ["archive"]}, "routing.E008"),
    ],
)
def test_a_mistake_in_routing_is_named(settings, routing, expected):
    settings.ROUTING = routing
    assert found() == [expected]


def test_a_project_without_replicas_is_told(settings, monkeypatch):
    monkeypatch.setattr(django_settings, "DATABASES", {"default": settings.DATABASES["default"]})
    settings.ROUTING = {}
    assert found() == ["routing.W001"]
    settings.ROUTING = {"REPLICAS": []}
    assert found() == []


def test_a_missing_router_is_named(routers):
    routers()
    assert "routing.E005" in found()


def test_a_router_that_migrates_replicas_is_named(routers):
    routers("tests.unit.routing.test_checks.MigratesEverywhere", "routing.router.PathRouter")
    assert set(found()) == {"routing.E010"}
    routers("routing.router.PathRouter", "tests.unit.routing.test_checks.MigratesEverywhere")
    assert found() == []


def test_missing_middleware_is_named(settings):
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "routing" not in name]
    assert found() == ["routing.E006"]


def test_middleware_below_the_sessions_is_named(settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE[1:], settings.MIDDLEWARE[0]]
    assert found() == ["routing.E007"]


def test_atomic_requests_on_a_replica_are_named(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["replica1"], "ATOMIC_REQUESTS", True)
    assert found() == ["routing.E009"]


def test_a_replica_that_is_no_test_mirror_is_named(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["replica1"], "TEST", {})
    assert found() == ["routing.W002"]


def test_a_replica_of_several_hosts_is_named(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["replica1"], "HOST", "one.internal,two.internal")
    assert found() == ["routing.E013"]


@pytest.mark.parametrize("value", ["read-write", "primary"])
def test_a_replica_that_asks_for_a_primary_is_named(settings, monkeypatch, value):
    options = settings.DATABASES["replica1"]["OPTIONS"] | {"target_session_attrs": value}
    monkeypatch.setitem(settings.DATABASES["replica1"], "OPTIONS", options)
    assert found() == ["routing.E014"]


def test_health_checks_of_a_replica_are_named(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["replica1"], "CONN_HEALTH_CHECKS", True)
    assert found() == ["routing.W012"]


def test_no_finding_hides_another(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ATOMIC_REQUESTS", True)
    monkeypatch.setitem(settings.DATABASES["replica1"], "ATOMIC_REQUESTS", True)
    monkeypatch.setitem(settings.DATABASES["replica2"], "TEST", {})
    settings.ROUTING = settings.ROUTING | {"REPLICAS": ["replica1", "replica2", "replica9"], "WRONG": 1}
    assert {"routing.E001", "routing.E003", "routing.W009", "routing.E009", "routing.W002"} <= set(found())


def test_an_entry_made_for_a_replica_shares_nothing_and_has_nothing_to_be_named():
    primary = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "a,b",
        "ATOMIC_REQUESTS": True,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"connect_timeout": 2, "target_session_attrs": "read-write"},
    }
    replica = replica_of({"default": primary}, HOST="c", USER="reader")
    assert replica == {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": "c",
        "USER": "reader",
        "OPTIONS": {"connect_timeout": 2},
        "TEST": {"MIRROR": "default"},
    }
    assert replica["OPTIONS"] is not primary["OPTIONS"]


@pytest.mark.django_db
def test_synchronous_commit_off_is_named():
    assert check_database(["default"]) == []
    with connections["default"].cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
    assert [message.id for message in check_database(["default"])] == ["routing.E012"]
    assert check_database() == []
