"""Every statement of a request is on record where that is wanted, and nothing is where it is not."""

import pytest
from django.db import connections
from django.test import Client

from routing.observing import record_of
from routing.statements import watch_statement

pytestmark = [
    pytest.mark.urls("tests.support.routing_urls"),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]


def test_a_page_records_its_statements_with_alias_reason_sql_and_time(in_a_new_thread):
    (statement,) = in_a_new_thread(lambda: record_of(Client().get("/names/").wsgi_request.routing).statements)
    assert statement.alias in {"replica1", "replica2"}
    assert statement.reason == "public path"
    assert statement.sql.startswith('SELECT "backoffice_section"."id"')
    assert statement.milliseconds > 0


def test_the_record_adds_up_to_server_timing(in_a_new_thread):
    record = in_a_new_thread(lambda: record_of(Client().post("/write/", {"name": "new"}).wsgi_request.routing))
    sums = {}
    for statement in record.statements:
        key = statement.alias, statement.reason
        sums[key] = sums.get(key, 0.0) + statement.milliseconds
    assert sums == record.milliseconds


def test_each_statement_that_writes_is_called_a_write(in_a_new_thread):
    response = in_a_new_thread(lambda: Client().post("/write/", {"name": "new"}))
    reasons = {
        each.reason for each in record_of(response.wsgi_request.routing).statements if each.sql.startswith("INSERT")
    }
    assert reasons == {"write"}
    assert 'default;desc="write"' in response.headers["Server-Timing"]


def test_what_others_say_in_server_timing_stays(in_a_new_thread, settings):
    settings.MIDDLEWARE = [*settings.MIDDLEWARE, f"{__name__}.says_something"]
    response = in_a_new_thread(lambda: Client().get("/names/"))
    others, ours = response.headers["Server-Timing"].split(", ")
    assert others == "total;dur=1"
    assert ours.startswith("replica")


def says_something(get_response):
    def middleware(request):
        response = get_response(request)
        response.headers["Server-Timing"] = "total;dur=1"
        return response

    return middleware


def test_switched_off_nothing_is_recorded_and_no_replica_is_watched(in_a_new_thread, settings):
    settings.ROUTING = {**settings.ROUTING, "EXPLAIN": False}

    def read():
        response = Client().get("/names/")
        record = record_of(response.wsgi_request.routing)
        return record, {alias: list(connections[alias].execute_wrappers) for alias in connections}

    record, wrappers = in_a_new_thread(read)
    assert record.statements is None
    assert not record.milliseconds
    assert watch_statement not in wrappers["replica1"] + wrappers["replica2"]
