"""Models of apps that many projects have are pinned by themselves; what cannot be known is named by check."""

import sys
from types import ModuleType

import pytest
from django.apps import apps
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.base import SessionBase
from django.contrib.sessions.backends.cache import SessionStore as CacheStore

from routing import known_apps
from routing.checks.logins import check_logins
from routing.checks.states import check_states
from routing.pinned import is_login_model, is_pinned
from tests.samples.models import Article, Note, Review


def found():
    return [message.id for message in [*check_logins(), *check_states()]]


@pytest.fixture
def use_engine(settings, monkeypatch):
    """Use a session engine of somebody's own, with these names in its module."""

    def use(base=SessionBase, **names):
        engine = ModuleType("their_sessions")
        store = type("SessionStore", (base,), {"__module__": "their_sessions"})
        vars(engine).update(names, SessionStore=store)
        monkeypatch.setitem(sys.modules, "their_sessions", engine)
        settings.SESSION_ENGINE = "their_sessions"

    return use


@pytest.fixture
def installed(monkeypatch):
    """Let these apps be installed."""

    def install(*names):
        is_installed = apps.is_installed
        monkeypatch.setattr(apps, "is_installed", lambda name: name in names or is_installed(name))

    return install


class GetsUsers(ModelBackend):
    def get_user(self, user_id):
        return None


class Authentication:
    def authenticate(self, request):
        return None


class WithModel:
    model = Note


def test_the_project_itself_has_nothing_unknown():
    assert found() == []


def test_what_a_known_app_locks_people_out_with_is_read_like_a_login():
    attempt = apps.get_model("axes.AccessAttempt")
    assert is_login_model(attempt)
    assert is_pinned(attempt)
    assert not is_login_model(Group)


def test_some_models_of_a_known_app_are_pinned_and_others_are_not(monkeypatch, settings):
    monkeypatch.setattr(known_apps, "PINNED", {"tests.samples": ("Note",)})
    settings.ROUTING = {**settings.ROUTING}  # forget
    assert is_pinned(Note)
    assert not is_pinned(Article)


def test_a_model_that_derives_from_a_known_one_is_pinned(monkeypatch, settings):
    monkeypatch.setattr(known_apps, "LOGIN_BASES", ("tests.samples.models.Note",))
    settings.ROUTING = {**settings.ROUTING}
    assert is_login_model(Note)


def test_a_swapped_model_counts_as_the_one_that_replaces_it(monkeypatch, settings):
    monkeypatch.setattr(known_apps, "LOGINS", {"tests.samples": ("Article",)})
    monkeypatch.setattr(Article._meta, "swapped", "samples.Note")
    settings.ROUTING = {**settings.ROUTING}
    assert is_login_model(Note)


def test_children_of_the_user_model_are_users(settings):
    assert not is_login_model(Review)
    settings.AUTH_USER_MODEL = "samples.Article"
    assert is_login_model(Review)


def test_the_models_in_a_session_engine_are_pinned(use_engine):
    use_engine(Session=Note)
    assert is_login_model(Note)
    assert found() == []


def test_a_session_engine_of_which_nothing_is_known_is_named(use_engine):
    use_engine()
    assert found() == ["routing.W013"]
    use_engine(base=CacheStore)
    assert found() == []


def test_an_authentication_backend_that_gets_users_its_own_way_is_named(settings):
    settings.AUTHENTICATION_BACKENDS = [f"{__name__}.GetsUsers"]
    assert found() == ["routing.W014"]


def test_authentication_classes_are_named_or_their_model_is_pinned(settings, installed):
    installed("rest_framework")
    settings.REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": [f"{__name__}.Authentication"]}
    assert found() == ["routing.W015"]
    settings.REST_FRAMEWORK = {"DEFAULT_AUTHENTICATION_CLASSES": [WithModel]}
    assert found() == []
    assert is_login_model(Note)


def test_a_cache_that_a_library_fills_from_replicas_is_named(settings, installed):
    installed("cacheops")
    settings.CACHEOPS = {"*.*": {"timeout": 60}}
    assert found() == ["routing.W016"]


def test_tenants_without_a_setup_are_named(installed, settings):
    installed("django_tenants")
    assert found() == ["routing.W017"]
    settings.ROUTING = {**settings.ROUTING, "REPLICA_SETUP": f"{__name__}.found"}
    assert found() == []


@pytest.mark.parametrize("path", ["nowhere.at_all", f"{__name__}.__doc__"])
def test_a_setup_that_cannot_be_called_is_named(settings, path):
    settings.ROUTING = {**settings.ROUTING, "REPLICA_SETUP": path}
    assert found() == ["routing.E015"]
