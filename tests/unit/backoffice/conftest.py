"""Fixtures for the tests of the admin."""

import pytest

from tests.factories import EditorFactory


@pytest.fixture
def editor(client, db):
    """A client that an editor is logged in with; `editor.user` is who."""
    client.user = EditorFactory()
    client.force_login(client.user)
    return client
