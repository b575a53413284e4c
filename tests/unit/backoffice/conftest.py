"""Fixtures for the tests of the back office."""

import pytest

from tests.support.factories import EditorFactory


@pytest.fixture(autouse=True)
def _quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture
def editor(client, db):
    """A client that an editor is logged in with; `editor.user` is who."""
    client.user = EditorFactory()
    client.force_login(client.user)
    return client
