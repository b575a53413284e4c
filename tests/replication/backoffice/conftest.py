"""Fixtures for the tests of the back office on replicas that stand still."""

import pytest
from django.db import ConnectionRouter, router
from django.test import Client

from tests.support.factories import EditorFactory


class RandomReplicaRouter:
    """WRONG ON PURPOSE: what everyone writes first. Shows that these tests can fail."""

    def db_for_read(self, model, **hints):
        return "replica1"

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True


@pytest.fixture
def wrong_router(monkeypatch):
    """A function that puts the wrong router in the place of PathRouter."""

    def use():
        monkeypatch.setattr(router, "routers", ConnectionRouter([RandomReplicaRouter()]).routers)

    return use


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def editor():
    """A client that an editor is logged in with; `editor.user` is who."""
    client = Client()
    client.user = EditorFactory()
    client.force_login(client.user)
    return client


@pytest.fixture
def paused(replay_paused):
    """Both replicas stand still from here to the end of the test."""
    with replay_paused("replica1", "replica2"):
        yield
