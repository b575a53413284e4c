"""Rule 4: an editor stays logged in while the replicas are behind. The published router loses the login."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.test import Client

pytestmark = [
    pytest.mark.urls("tests.support.routing_urls"),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]


@pytest.fixture
def editor():
    return get_user_model().objects.create_superuser("editor", password="first password")


def log_in(client, password="first password"):
    response = client.post("/admin/login/", {"username": "editor", "password": password})
    assert response.status_code == 302


def test_a_login_survives_a_public_page_while_replay_is_paused(
    each_router, editor, replay_paused, wait_until_replayed
):
    wait_until_replayed()
    client = Client()
    with replay_paused("replica1", "replica2"):
        log_in(client)
        page = client.get("/reads/")
        admin = client.get("/admin/")
    stayed = (page.content, admin.status_code)
    assert stayed == {"ours": (b"True", 200), "published": (b"False", 302)}[each_router]


def test_a_password_change_keeps_the_session_while_replay_is_paused(
    each_router, editor, replay_paused, wait_until_replayed
):
    client = Client()
    log_in(client)
    wait_until_replayed()
    with replay_paused("replica1", "replica2"):
        passwords = {"old_password": "first password", "new_password1": "a-Second-1", "new_password2": "a-Second-1"}
        assert client.post("/admin/password_change/", passwords).status_code == 302
        client.get("/reads/")
        admin = client.get("/admin/")
    assert admin.status_code == {"ours": 200, "published": 302}[each_router]


def test_a_logout_on_a_public_path_deletes_the_session_while_replay_is_paused(
    each_router, editor, replay_paused, wait_until_replayed
):
    wait_until_replayed()
    client = Client()
    with replay_paused("replica1", "replica2"):
        log_in(client)
        client.get("/leave/")
        rows = Session.objects.using("default").count()
    assert rows == {"ours": 0, "published": 1}[each_router]
