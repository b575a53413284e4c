"""Wrong passwords: after five of them a name has to wait, whichever process and database are asked."""

import pytest
from axes.models import AccessAttempt
from django.contrib.auth import get_user_model
from django.test import Client

from routing.pytest_plugin import assert_queries
from tests.support.factories import PASSWORD, EditorFactory

databases = ["default", "replica1", "replica2"]
pytestmark = pytest.mark.django_db(transaction=True, databases=databases)


@pytest.fixture(autouse=True)
def _throttled(settings):
    settings.AXES_ENABLED = True


def log_in(username, password, **options):
    return Client(**options).post("/admin/login/", {"username": username, "password": password}).status_code


def test_five_wrong_passwords_and_the_right_one_has_to_wait_too(replay_paused, settings):
    editor, other = EditorFactory(), EditorFactory()
    with replay_paused("replica1", "replica2"):  # counted, and read, on the primary
        assert [log_in(editor.username, "wrong") for _ in range(5)] == [200, 200, 200, 200, 429]
        response = Client().post("/admin/login/", {"username": editor.username, "password": PASSWORD})
        assert response.status_code == 429
        assert "Wait 5 minutes" in response.content.decode()
        assert response.headers["Retry-After"] == "300"
        # Nobody else waits: not another name, nor the same name elsewhere.
        assert log_in(other.username, PASSWORD) == 302
        assert log_in(editor.username, PASSWORD, REMOTE_ADDR="192.0.2.7") == 302
    settings.AXES_COOLOFF_TIME = settings.AXES_COOLOFF_TIME * 0
    assert log_in(editor.username, PASSWORD) == 302


def test_a_right_password_in_between_ends_the_count():
    editor = EditorFactory()
    for _ in range(3):
        assert [log_in(editor.username, "wrong") for _ in range(3)] == [200] * 3
        assert log_in(editor.username, PASSWORD) == 302


def test_a_page_counts_nothing():
    with assert_queries(default=1):  # does the primary answer?
        Client().get("/admin/login/")
    assert not AccessAttempt.objects.exists()


@pytest.mark.parametrize("odd", ["a\x00b", "x" * 4000, "\ud800".encode("utf-8", "replace").decode(), "🦆 <b>"])
def test_odd_names_and_odd_browsers_are_counted_or_refused(odd):
    client = Client(headers={"user-agent": "x" * 3000 + "\x00"})
    assert client.post(f"/admin/login/?next=/%00&{odd}", {"username": odd, "password": odd}).status_code == 200
    assert not get_user_model().objects.filter(last_login__isnull=False).exists()
