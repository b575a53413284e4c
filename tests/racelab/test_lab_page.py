"""The lab's page and its state: what is shown, to whom, and at what cost."""

import re

import pytest
from django.urls import reverse

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
    assert 'name="n" value="10"' in page


def test_the_asking_ends_when_nobody_looks(look):
    answered(look)
    nodes.stop()
    assert not any(thread.is_alive() for thread in nodes._threads.values())
