"""The lab's page and its state: what is shown, to whom, and at what cost."""

import re
from time import monotonic

import pytest
from django.contrib.auth import get_user_model
from django.db import connections
from django.urls import reverse

from backoffice.demo_edition import create_demo_users
from racelab import nodes
from routing.pytest_plugin import assert_queries
from routing.survival import health

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])


@pytest.fixture
def look(as_superuser):
    """A function that looks at the state, as the page does, until every node has answered."""
    page = as_superuser.get(reverse("lab")).content.decode()
    ticket = re.search('data-ticket="([^"]+)"', page)[1]

    def look():
        return as_superuser.get(reverse("lab_state"), headers={"X-Ticket": ticket}).json()

    yield look
    nodes.stop()


def answered(look):
    while True:
        seen = {node["alias"]: node for node in look()["nodes"]}
        if all("role" in node for node in seen.values()):
            return seen


def test_it_shows_every_node_with_role_position_and_lag(look):
    seen = answered(look)
    assert [node["role"] for node in seen.values()] == ["primary", "replica", "replica"]
    assert all(re.fullmatch("[0-9A-F]+/[0-9A-F]+", node["position"]) for node in seen.values())
    assert not any(node["problem"] for node in seen.values())
    assert seen["replica1"]["lag"] is not None


def test_it_shows_whom_the_router_leaves_out_and_why(look):
    answered(look)
    health.report("replica1", "more than 10 s behind")
    try:
        problems = {node["alias"]: node["problem"] for node in look()["nodes"]}
    finally:
        health.report("replica1", "")
    assert problems == {"default": "", "replica1": "left out: more than 10 s behind", "replica2": ""}


def test_a_look_asks_no_database_who_is_looking(look):
    answered(look)
    with assert_queries():
        look()


def test_who_has_no_ticket_sees_nothing(client):
    assert client.get(reverse("lab_state")).status_code == 404
    assert client.get(reverse("lab_state"), headers={"X-Ticket": "look"}).status_code == 404


def test_the_page_is_for_the_superuser(client):
    door = client.get(reverse("lab"))
    assert door.status_code == 403
    assert "Log in as admin" in door.content.decode()
    assert "data-ticket" not in door.content.decode()


def test_an_editor_gets_a_way_to_log_in_as_admin(client):
    """Django's login sends whoever may use the admin on to its index: a link to it would lead nowhere."""
    create_demo_users()
    client.force_login(get_user_model().objects.get(username="editor"))
    door = client.get(reverse("lab")).content.decode()
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', door))
    action = re.search('<form class="search" method="post" action="([^"]+)"', door)[1]
    login = client.post(action, fields, follow=True)
    assert login.redirect_chain == [("/admin/login/?next=/lab/", 302)]
    admin = {"username": "admin", "password": "admin", "next": "/lab/"}
    assert client.post("/admin/login/", admin).headers["Location"] == "/lab/"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            'connection to server at "127.0.0.1", port 54321 failed: Connection refused',
            "stopped: nothing listens on its port",
        ),
        ("connection to server failed: timeout expired", "frozen, or cut off: no answer"),
        ("the server has not answered within 0.4 seconds", "frozen, or cut off: no answer"),
        ("FATAL:  the database system is starting up", "starting"),
        ("server closed the connection unexpectedly\n\tThis probably means", "no answer"),
    ],
)
def test_a_drivers_words_are_put_plainly(error, words):
    assert nodes.in_plain_words(error) == words


def test_a_node_that_has_stopped_says_so_and_nothing_that_it_said_before(look):
    answered(look)
    nodes.stop()
    nodes._answers["replica1"] = (monotonic() - 9, nodes._answers["replica1"][1])
    nodes._answers["replica2"] = (monotonic(), {"problem": nodes.in_plain_words("Connection refused")})
    one, two = nodes._node("replica1"), nodes._node("replica2")
    assert one["problem"] == "frozen, or cut off: no answer for 9 s"
    assert two["problem"] == "stopped: nothing listens on its port"
    assert not {"role", "lag", "behind", "position", "row"} & (set(one) | set(two))


def test_a_replica_that_is_left_out_because_it_is_silent_says_so_without_the_drivers_words(look):
    answered(look)
    health.report("replica2", 'no answer: connection to server at "127.0.0.1", port 5 failed: Connection refused')
    try:
        problem = look()["nodes"][2]["problem"]
    finally:
        health.report("replica2", "")
    assert problem == "left out: stopped: nothing listens on its port"


def test_a_link_brings_a_race_back(as_superuser):
    page = as_superuser.get(reverse("lab"), {"router": "naive", "n": "7", "replica1": "1.5", "replica2": "99"}).content
    page = page.decode()
    assert re.findall('value="([a-z]+)" checked', page) == ["naive"]
    assert 'name="n" value="7"' in page
    assert 'name="replica1" value="1.5"' in page
    assert 'name="replica2" value="10"' in page


def test_nonsense_in_a_link_is_ignored(as_superuser):
    page = as_superuser.get(reverse("lab"), {"router": "x", "n": "many", "replica1": "nan"}).content.decode()
    assert len(re.findall(" checked", page)) == 3
    assert 'name="n" value="5"' in page


def test_the_asking_ends_when_nobody_looks(look):
    answered(look)
    nodes.stop()
    assert not any(thread.is_alive() for thread in nodes._threads.values())


def test_it_says_what_to_type_to_break_a_server(as_superuser, settings):
    page = as_superuser.get(reverse("lab")).content.decode()
    for command in ("freeze replica1", "thaw replica1", "kill primary", "start primary", "promote replica2"):
        assert f"<code>.venv/bin/python -m cluster {command}</code>" in page
    assert "promote primary" not in page


def test_with_compose_it_names_composes_commands(as_superuser, monkeypatch):
    monkeypatch.setitem(connections["replica2"].settings_dict, "HOST", "replica2")
    page = as_superuser.get(reverse("lab")).content.decode()
    for command in ("pause replica1", "unpause replica1", "kill primary", "exec replica2 /cluster/docker/promote.sh"):
        assert f"<code>docker compose {command}</code>" in page
