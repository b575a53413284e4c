"""Random histories of several visitors, while replay stops and goes on. Never a violation; with a guard less, many."""

import pytest
from django.db import ConnectionRouter, connections, router
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as examples

from routing import wal
from routing.bookmarks import cookie
from routing.bookmarks.bookmark import Bookmark
from routing.decision import Decision
from tests.support.factories import SuperuserFactory

from .conftest import FULL
from .histories import ACTIONS, Violation, histories, play
from .servers import kept_connections

pytestmark = [
    pytest.mark.urls("tests.guarantees.history_urls"),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]
anything = examples(
    max_examples=2000 if FULL else 25, deadline=None, suppress_health_check=[*HealthCheck], database=None
)
until_found = examples(anything, max_examples=300, phases=[Phase.generate])


@pytest.fixture
def servers(cluster, settings, wait_until_replayed):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ROUTING = settings.ROUTING | {"BOOKMARK_WAIT": 5}
    for name in ("ann", "bob"):
        SuperuserFactory(username=name)
    wait_until_replayed()
    with kept_connections(cluster, connections["default"].settings_dict["NAME"]) as servers:
        yield servers


@pytest.mark.parametrize("monotonic_reads", ["writers", "everyone"])
def test_no_history_shows_a_visitor_less_than_promised(monotonic_reads, servers, settings):
    settings.ROUTING = settings.ROUTING | {"MONOTONIC_READS": monotonic_reads}

    @anything
    @given(histories(ACTIONS))
    def search(history):
        play(history, servers, everyone=monotonic_reads == "everyone")

    search()


def published_router(monkeypatch):
    monkeypatch.setattr(
        router, "routers", ConnectionRouter(["tests.support.published_router.PublishedRouter"]).routers
    )


def naive_router(monkeypatch):
    monkeypatch.setattr(router, "routers", ConnectionRouter(["tests.support.naive_router.NaiveRouter"]).routers)


def no_bookmark(monkeypatch):
    monkeypatch.setattr(cookie, "_set", lambda *arguments: None)


def bookmarks_that_do_not_move_forward(monkeypatch):
    moved_forward = cookie._moved_forward
    monkeypatch.setattr(
        cookie,
        "_moved_forward",
        lambda decision, *arguments: moved_forward(decision, *arguments) if decision.wrote else None,
    )


def bookmarks_that_name_no_replica(monkeypatch):
    monkeypatch.setattr(cookie, "Bookmark", lambda position, *replica: Bookmark(position))


def bookmarks_taken_away_too_early(monkeypatch):
    monkeypatch.setattr(cookie, "all_reached", lambda position: True)


def received_taken_for_replayed(monkeypatch):
    wrong = wal.QUESTION.replace("pg_last_wal_replay_lsn", "pg_last_wal_receive_lsn")
    monkeypatch.setattr(wal, "QUESTION", wrong)


def no_primary_paths(monkeypatch):
    monkeypatch.setattr("routing.decision.is_primary_path", lambda path: False)


def all_methods_are_safe(monkeypatch):
    monkeypatch.setattr("routing.decision.SAFE_METHODS", {"GET", "POST"})


def what_was_written_before_is_forgotten(monkeypatch):
    read_in_order = Decision.read

    def read(decision):
        wrote, decision.wrote = decision.wrote, False
        alias = read_in_order(decision)
        decision.wrote = wrote
        return alias

    monkeypatch.setattr(Decision, "read", read)


# … and what visitors do where it is missed, beside reading.
WITHOUT = {
    naive_router: "add",
    published_router: "add",
    no_bookmark: "add",
    bookmarks_that_do_not_move_forward: "add write",
    bookmarks_that_name_no_replica: "add read_while",
    bookmarks_taken_away_too_early: "add",
    received_taken_for_replayed: "add",
    no_primary_paths: "look_in_admin write",
    all_methods_are_safe: "add write",
    what_was_written_before_is_forgotten: "add_and_read",
}


@pytest.mark.parametrize("without", WITHOUT, ids=lambda without: without.__name__)
def test_with_a_guard_less_the_search_finds_a_violation(without, servers, settings, monkeypatch):
    settings.ROUTING = settings.ROUTING | {"PUBLIC_WRITES": "allow", "STALE_SAVES": "allow"}
    without(monkeypatch)
    found = []

    @until_found
    @given(histories(["read", "pause", *WITHOUT[without].split()], crowd=1))
    def search(history):
        if not found:
            try:
                play(history, servers)
            except Violation as violation:
                found.append(violation)

    search()
    assert found
