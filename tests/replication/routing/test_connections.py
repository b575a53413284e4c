"""Every statement on the primary is seen, however its connection came about."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.test import Client

from routing.statements import watch_statement

databases = ["default", "replica1", "replica2"]
pytestmark = [
    pytest.mark.urls("tests.support.routing_urls"),
    pytest.mark.django_db(transaction=True, databases=databases),
]


def in_a_new_thread(function):
    """Run `function` where nothing is connected yet."""

    def run():
        try:
            return function()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(run).result()


def test_a_connection_that_is_made_within_somebodys_wrapper_is_watched():
    """execute_wrapper() takes away the last of the wrappers at its end, whichever that is."""
    seen = []

    def somebodys(execute, sql, params, many, context):
        seen.append(sql)
        return execute(sql, params, many, context)

    def write():
        with connection.execute_wrapper(somebodys):
            connection.cursor().execute("SELECT 1")
        seen.append("end")
        return Client().post("/write/", {"name": "new"})

    response = in_a_new_thread(write)
    assert seen == ["SELECT 1", "end"]
    assert response.cookies


def test_a_connection_that_was_closed_and_made_again_is_watched_once():
    def write():
        for _ in range(3):
            connection.close()
            connection.ensure_connection()
        return connection.execute_wrappers.count(watch_statement), Client().post("/write/", {"name": "new"})

    wrappers, response = in_a_new_thread(write)
    assert wrappers == 1
    assert response.cookies
