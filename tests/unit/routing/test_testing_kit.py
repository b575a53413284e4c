"""The kit for the tests of projects that copied routing/: the past without a second server, and queries counted."""

import pytest
from django.db import DatabaseError, connections
from django.test import Client

from backoffice.models import Section
from routing import pytest_plugin
from routing.pytest_plugin import assert_queries, count_queries
from tests.support.factories import SectionFactory

pytestmark = [
    pytest.mark.urls("tests.support.routing_urls"),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]


def names(browser):
    return browser.get("/names/").json()["names"]


def test_frozen_replicas_stay_in_the_past_until_the_block_ends(frozen_replica, wait_until_replayed):
    writer = Client()
    with frozen_replica():
        writer.post("/write/", {"name": "new"})
        assert names(Client()) == []
        assert names(writer) == ["new"]
    wait_until_replayed()
    assert names(Client()) == ["new"]


def test_one_replica_may_be_frozen(frozen_replica, wait_until_replayed):
    with frozen_replica("replica1"):
        SectionFactory()
        wait_until_replayed()
        assert not Section.objects.using("replica1").exists()
        assert Section.objects.using("replica2").exists()
    assert Section.objects.using("replica1").exists()


def test_a_frozen_replica_cannot_be_written(frozen_replica):
    with frozen_replica(), pytest.raises(DatabaseError, match="read-only"):
        Section.objects.using("replica1").create(name="new")


def test_queries_are_counted_for_each_database():
    with count_queries() as counts, assert_queries(default=1, replica2=2):
        Section.objects.exists()
        Section.objects.using("replica2").exists()
        Section.objects.using("replica2").exists()
    assert counts == {"default": 1, "replica1": 0, "replica2": 2}
    with assert_queries(replicas=1):
        Client().get("/names/")


@pytest.mark.parametrize("expected", [{}, {"replicas": 2}, {"replica1": 1, "default": 1}])
def test_a_query_too_many_is_shown(expected):
    with pytest.raises(AssertionError, match="queries, expected.*\n.*SELECT"), assert_queries(**expected):
        Section.objects.using("replica1").count()


@pytest.mark.real_replicas
def test_a_test_of_real_replicas_is_skipped_where_there_are_none(request, monkeypatch):
    pytest_plugin.pytest_runtest_setup(request.node)
    primary = connections["default"].settings_dict
    for name in ("HOST", "PORT"):
        monkeypatch.setitem(connections["replica2"].settings_dict, name, primary[name])
    with pytest.raises(pytest.skip.Exception):
        pytest_plugin.pytest_runtest_setup(request.node)
