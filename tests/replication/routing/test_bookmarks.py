"""Rule 8: a browser reads what it wrote, and never travels back, on replicas that are behind."""

import pytest
from django.contrib.auth import get_user_model
from django.db import connections
from django.test import Client

from backoffice.models import Section
from routing.bookmarks.bookmark import Bookmark, unsign
from routing.position import Position
from routing.pytest_plugin import count_queries
from routing.wal import fetch_flushed, fetch_replayed, forget_servers

COOKIE = "routing_bookmark"  # and each goes on with something of its own
pytestmark = [
    pytest.mark.urls("tests.support.routing_urls"),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]


@pytest.fixture(autouse=True)
def _nothing_known():
    forget_servers()


def held(client):
    """The cookies that a client would send."""
    return [cookie for name, cookie in client.cookies.items() if name.startswith(COOKIE) and cookie.value]


def write(client, name):
    response = client.post("/write/", {"name": name})
    assert response.content == b"default"
    return response


def names(client, **extra):
    """What the client sees, where it was read, and the number of statements on each database."""
    with count_queries() as statements:
        page = client.get("/names/", **extra).json()
    return page["names"], page["alias"], statements


def test_a_reader_gets_no_cookie_and_costs_nothing_but_the_page(wait_until_replayed):
    wait_until_replayed()
    client = Client()
    _, alias, statements = names(client)
    assert alias != "default"
    assert sum(statements.values()) == 1
    assert statements["default"] == 0
    assert not client.cookies


def test_what_was_written_is_read_from_the_primary_while_both_replicas_are_behind(replay_paused):
    client = Client()
    with replay_paused("replica1", "replica2"):
        write(client, "new")
        seen, alias, _ = names(client)
    assert (seen, alias) == (["new"], "default")


def test_other_readers_keep_reading_from_the_replicas(replay_paused):
    with replay_paused("replica1", "replica2"):
        write(Client(), "new")
        seen, alias, _ = names(Client())
    assert seen == []
    assert alias != "default"


@pytest.mark.parametrize(("behind", "ahead"), [("replica1", "replica2"), ("replica2", "replica1")])
def test_what_was_written_is_read_from_the_replica_that_has_it(behind, ahead, replay_paused, wait_until_replayed):
    client = Client()
    with replay_paused(behind):
        for number in range(10):
            write(client, f"{number}")
            seen, alias, statements = names(client)
            assert len(seen) == number + 1
            assert alias == ahead
            assert statements["default"] == 0


def test_a_write_costs_one_statement_more(settings, wait_until_replayed):
    client = Client()
    with count_queries() as ours:
        write(client, "one")
    settings.MIDDLEWARE = settings.MIDDLEWARE[1:]
    with count_queries() as none:
        write(Client(), "two")
    assert sum(ours.values()) == sum(none.values()) + 1


def test_a_page_costs_one_statement_more_until_the_replicas_have_caught_up_and_none_afterwards(wait_until_replayed):
    client = Client()
    write(client, "new")
    wait_until_replayed()
    for _ in range(10):
        seen, alias, statements = names(client)
        assert seen == ["new"]
        assert statements["default"] == 0
        assert sum(statements.values()) <= 2
    fetch_replayed("replica1")
    fetch_replayed("replica2")
    names(client)
    assert not held(client)
    _, _, statements = names(client)
    assert sum(statements.values()) == 1


def test_the_cookie_stays_while_one_replica_is_behind(replay_paused, wait_until_replayed):
    client = Client()
    with replay_paused("replica2"):
        write(client, "new")
        for _ in range(5):
            fetch_replayed("replica1")
            fetch_replayed("replica2")
            names(client)
        assert len(held(client)) == 1
    wait_until_replayed()


def test_a_browser_with_a_bookmark_is_never_shown_something_older(replay_paused, wait_until_replayed):
    """Somebody else writes on: a page from the replica that has it must not be followed by one without it."""
    client = Client()
    write(client, "mine")
    wait_until_replayed()
    with replay_paused("replica2"):
        longest = 0
        for number in range(20):
            Section.objects.create(name=f"theirs {number}", slug=f"theirs-{number}")
            fetch_replayed("replica1")
            seen, _, _ = names(client)
            assert len(seen) >= longest
            longest = len(seen)
        assert longest > 1


def test_a_browser_that_saw_the_primary_is_not_shown_something_older(replay_paused):
    client = Client()
    with replay_paused("replica1", "replica2"):
        write(client, "mine")
        Section.objects.create(name="theirs", slug="theirs")
        assert names(client)[0] == ["mine", "theirs"]
    # What it holds now covers "theirs", too.
    (cookie,) = held(client)
    assert unsign(cookie.value, 60).position.is_reached_by(fetch_flushed())


def test_a_login_gives_a_bookmark_that_covers_the_session(replay_paused, wait_until_replayed):
    get_user_model().objects.create_superuser("editor", password="password")
    wait_until_replayed()
    client = Client()
    with count_queries() as statements:
        client.post("/admin/login/", {"username": "editor", "password": "password"})
    last = connections["default"].queries_log[-1]["sql"] if connections["default"].queries_log else ""
    (cookie,) = held(client)
    assert unsign(cookie.value, 60).position == fetch_flushed()
    assert statements["replica1"] + statements["replica2"] == 0
    assert "session" not in last


def test_who_saw_a_page_of_one_replica_does_not_wait_for_another(settings, replay_paused):
    client = Client()
    with replay_paused("replica2"):
        write(client, "new")
        assert names(client)[1] == "replica1"  # which had to be asked: its next page is of the same, or the primary
        settings.ROUTING = settings.ROUTING | {"BOOKMARK_WAIT": 60_000}  # the test would time out
        for _ in range(10):
            forget_servers()
            seen, alias, statements = names(client)
            assert (seen, alias, sum(statements.values())) == (["new"], "replica1", 2)


@pytest.mark.parametrize(
    "impossible",
    [
        Bookmark(Position(1, 2**62)),
        Bookmark(Position(7, 1)),
        Bookmark(Position(0, 0)),
        Bookmark(Position(1, 1), "replica1", "1.0"),
        Bookmark(Position(1, 1), "replica9", "1.0"),
    ],
    ids=str,
)
def test_an_impossible_bookmark_neither_waits_nor_pins(impossible, settings, wait_until_replayed):
    settings.ROUTING = settings.ROUTING | {"BOOKMARK_WAIT": 60_000}  # the test would time out
    wait_until_replayed()
    client = Client()
    client.cookies[COOKIE] = impossible.sign()
    assert names(client)[1] == "default"
    wait_until_replayed()
    assert names(client)[1] != "default"


@pytest.mark.parametrize(
    "damaged",
    ["", "x", "1:0.0~~:a:b", "\x7f" * 5000, Bookmark(Position(1, 1)).sign()[:-1]],
    ids=["empty", "short", "foreign", "long", "cut"],
)
def test_a_damaged_bookmark_is_taken_away(damaged):
    client = Client()
    client.cookies[COOKIE] = damaged
    _, alias, statements = names(client)
    assert alias != "default"
    assert sum(statements.values()) == 1
    assert not held(client)


def test_the_cookie_is_safe(settings):
    client = Client()
    write(client, "new")
    (cookie,) = held(client)
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == 3600
    assert not cookie["secure"]
    settings.SESSION_COOKIE_SECURE = True
    write(client, "newer")
    (cookie,) = held(client)
    assert cookie["secure"]


def test_a_page_that_sets_the_cookie_is_private():
    assert "private" in write(Client(), "new").headers["Cache-Control"]


def test_monotonic_reads_for_everyone_cost_a_cookie_and_a_statement(settings, replay_paused, wait_until_replayed):
    settings.ROUTING = settings.ROUTING | {"MONOTONIC_READS": "everyone"}
    wait_until_replayed()
    client = Client()
    with replay_paused("replica2"):
        longest = 0
        for number in range(20):
            Section.objects.create(name=f"theirs {number}", slug=f"theirs-{number}")
            seen, _, statements = names(client)
            assert len(seen) >= longest
            assert sum(statements.values()) <= 2
            longest = len(seen)


def test_a_position_is_compared_with_what_is_replayed_and_not_with_what_is_received(replay_paused):
    client = Client()
    with replay_paused("replica1", "replica2"):
        write(client, "new")
        with connections["replica1"].cursor() as cursor:
            cursor.execute("SELECT pg_last_wal_receive_lsn() - '0/0'::pg_lsn")
        assert names(client)[1] == "default"


def test_an_answer_that_takes_the_cookie_away_is_private(wait_until_replayed):
    client = Client()
    write(client, "new")
    wait_until_replayed()
    for _ in range(2):
        for alias in ("replica1", "replica2"):
            fetch_replayed(alias)
        response = client.get("/names/")
    assert [cookie.value for cookie in response.cookies.values()] == [""]
    assert "private" in response.headers["Cache-Control"]


def test_the_cookie_goes_where_the_session_goes(settings, replay_paused):
    settings.SESSION_COOKIE_DOMAIN = ".example.org"
    client = Client()
    with replay_paused("replica1", "replica2"):
        write(client, "new")
        (cookie,) = held(client)
        assert (cookie["domain"], cookie["path"]) == (".example.org", "/")
    client.cookies[COOKIE] = "damaged"
    assert client.get("/names/").cookies[COOKIE]["domain"] == ".example.org"
