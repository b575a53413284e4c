"""What else a project has installed, and gets in the way, is named by `manage.py check`."""

import pytest
from django.db import ConnectionRouter, router

from backoffice.models import Section
from routing.checks.neighbours import GLOBAL_REQUEST, check_neighbours
from tests.support.published_router import PublishedRouter

OURS = "routing.router.PathRouter"
BACKENDS = "django.core.cache.backends"


class ForOneModel:
    """A router as it should be: a database of its own, for a model of its own."""

    def db_for_read(self, model, **hints):
        return "archive" if model is Section else None


def found():
    return {message.id: message.msg for message in check_neighbours()}


def use(monkeypatch, *routers):
    names = [each if isinstance(each, str) else f"{each.__module__}.{each.__name__}" for each in routers]
    monkeypatch.setattr(router, "routers", ConnectionRouter(names).routers)


def test_a_router_that_answers_first_is_named(monkeypatch):
    use(monkeypatch, PublishedRouter, OURS)
    assert found().keys() == {"routing.W010"}
    assert "PublishedRouter" in found()["routing.W010"]


def test_a_router_that_is_never_asked_is_named(monkeypatch):
    use(monkeypatch, OURS, ForOneModel)
    assert found().keys() == {"routing.W005"}


def test_a_router_for_another_database_gets_on_with_ours(monkeypatch):
    use(monkeypatch, ForOneModel, OURS)
    assert not found()


def test_the_middleware_of_the_package_is_named(settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, GLOBAL_REQUEST]
    assert found().keys() == {"routing.W006"}


def test_saving_the_session_with_every_request_is_named(settings):
    settings.SESSION_SAVE_EVERY_REQUEST = True
    assert found().keys() == {"routing.W003"}
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"
    assert not found()


@pytest.mark.parametrize(
    ("engine", "cache", "is_wrong"),
    [
        ("cache", "locmem.LocMemCache", True),
        ("cache", "dummy.DummyCache", True),
        ("cache", "filebased.FileBasedCache", False),
        ("cached_db", "locmem.LocMemCache", True),
        ("cached_db", "dummy.DummyCache", False),  # of no use, but right
        ("db", "locmem.LocMemCache", False),
    ],
)
def test_sessions_in_a_cache_that_is_not_shared_are_named(engine, cache, is_wrong, settings, tmp_path):
    settings.SESSION_ENGINE = f"django.contrib.sessions.backends.{engine}"
    settings.CACHES = {"default": {"BACKEND": f"{BACKENDS}.{cache}", "LOCATION": str(tmp_path)}}
    assert found().keys() == ({"routing.W007"} if is_wrong else set())


def test_a_cache_in_the_database_is_named(settings):
    settings.CACHES = settings.CACHES | {"table": {"BACKEND": f"{BACKENDS}.db.DatabaseCache", "LOCATION": "cached"}}
    assert found().keys() == {"routing.W008"}
    assert "'cached'" in found()["routing.W008"]


def test_a_transaction_around_every_view_is_named(settings, monkeypatch):
    monkeypatch.setitem(settings.DATABASES["default"], "ATOMIC_REQUESTS", True)
    assert found().keys() == {"routing.W009"}
