"""The lab's tests go with it."""

from importlib.util import find_spec

import pytest

collect_ignore_glob = [] if find_spec("racelab") else ["test_*.py"]


@pytest.fixture(autouse=True)
def _own_notes(tmp_path, monkeypatch):
    """What the lab notes, a test's lab notes in a folder of its own."""
    if find_spec("racelab"):
        monkeypatch.setattr("racelab.notes.folder", lambda: tmp_path / "notes")


@pytest.fixture
def as_superuser(client):
    """A client that is logged in as a superuser."""
    from tests.support.factories import SuperuserFactory

    client.force_login(SuperuserFactory())
    return client
