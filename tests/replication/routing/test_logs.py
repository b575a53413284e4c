"""A write that is refused leaves a record whose fields a log can be searched by. README.md names them."""

import logging

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import include, path

from backoffice.models import Section
from routing import replica
from routing.guard import PublicWriteError, StaleSaveError
from routing.survival import health
from tests.support.factories import SectionFactory

pytestmark = [
    pytest.mark.urls(__name__),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]


def writes(request):
    Section.objects.create(name="New", slug="new")
    return HttpResponse()


urlpatterns = [path("writes/", writes), path("", include("config.urls"))]


@pytest.fixture
def records(caplog):
    """A function: the fields of what the logger "routing" has recorded."""
    names = (
        "event",
        "outcome",
        "target",
        "source",
        "path",
        "method",
        "replica",
        "problem",
    )  # all that the README names

    def fields():
        found = [record for record in caplog.records if record.name == "routing"]
        return [{name: vars(record)[name] for name in names if name in vars(record)} for record in found]

    with caplog.at_level(logging.WARNING, "routing"):
        yield fields


WRITE = {"event": "public write", "target": "backoffice.Section", "path": "/writes/", "method": "GET"}


def test_a_refused_write_is_recorded_once(records):
    with pytest.raises(PublicWriteError):
        Client().get("/writes/")
    assert records() == [WRITE | {"outcome": "refused"}]


def test_a_write_that_is_only_logged_says_so_and_where_it_was(records, settings, caplog):
    settings.ROUTING = {**settings.ROUTING, "PUBLIC_WRITES": "log"}
    Client().get("/writes/")
    assert records() == [WRITE | {"outcome": "allowed"}]
    assert "in writes" in caplog.text  # the stack


def test_a_stale_save_names_the_replica_and_outside_a_request_no_path(records, wait_until_replayed):
    SectionFactory()
    wait_until_replayed()
    with replica():
        section = Section.objects.get()
    with pytest.raises(StaleSaveError):
        section.save()
    assert records() == [
        {
            "event": "stale save",
            "outcome": "refused",
            "target": "backoffice.Section",
            "source": section._state.db,
            "path": None,
            "method": None,
        }
    ]


def test_a_replica_that_is_left_out_and_comes_back_is_recorded(records, settings):
    settings.ROUTING = {**settings.ROUTING}  # nothing is known of any replica
    health.report("replica1", "no answer")
    health.report("replica1", "still no answer")
    health.report("replica1", "")
    assert records() == [
        {"event": "replica left out", "replica": "replica1", "problem": "no answer"},
        {"event": "replica back", "replica": "replica1", "problem": ""},
    ]


def test_what_is_allowed_is_not_recorded(records, settings):
    settings.ROUTING = {**settings.ROUTING, "PUBLIC_WRITES": "allow"}
    Client().get("/writes/")
    assert records() == []
