"""The lab's tests go with it."""

from importlib.util import find_spec

import pytest

collect_ignore_glob = [] if find_spec("racelab") else ["test_*.py"]


@pytest.fixture
def as_superuser(client):
    """A client that is logged in as a superuser."""
    from tests.factories import SuperuserFactory

    client.force_login(SuperuserFactory())
    return client
