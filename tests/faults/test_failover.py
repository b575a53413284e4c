"""A database fails while a page is made. The reader gets the page; who writes gets an honest answer, once."""

import os
import subprocess
import sys
import threading
import time

import pytest
from django.contrib.auth import get_user_model
from django.db import connections
from django.test import Client
from django.urls import path

from backoffice.models import Section
from cluster import faults
from routing import layer, primary, replica
from tests.faults.under_load.breaking import end_connections
from tests.settings import DRIVER
from tests.support import routing_urls

pytestmark = [
    pytest.mark.urls(__name__),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]
calls = []
meanwhile = []  # what happens in the middle of the next page


def middle(request):
    """A page of two queries; something happens between them."""
    calls.append(request.method)
    names = [section.name for section in Section.objects.all()]
    while meanwhile:
        meanwhile.pop()()
    return routing_urls.JsonResponse({"names": names, "alias": Section.objects.all().db, "n": Section.objects.count()})


def slow(request):
    """A query that takes a while."""
    calls.append(request.method)
    alias = Section.objects.all().db
    threading.Timer(0.05, meanwhile.pop() if meanwhile else int).start()
    Section.objects.extra(select={"slept": "pg_sleep(0.25)"}).first()
    return routing_urls.HttpResponse(alias)


def writes(request):
    calls.append(request.method)
    with primary():
        Section.objects.create(name="written", slug="written")
    with connections["replica1"].cursor() as cursor:
        cursor.execute("SELECT 1")
        while meanwhile:
            meanwhile.pop()()
        cursor.execute("SELECT 1")
    return routing_urls.HttpResponse()


def who(request):
    return routing_urls.JsonResponse({"user": request.user.username, "n": Section.objects.count()})


def answers(request):
    try:
        Section.objects.count()
    except Exception as error:
        return routing_urls.HttpResponse(f"error: {error}")
    return routing_urls.HttpResponse(Section.objects.all().db)


def copes(request):
    """Write, and do without a replica that does not answer."""
    Section.objects.create(name="mine", slug="mine")
    try:
        with replica():
            Section.objects.count()
    except Exception:
        return routing_urls.HttpResponse("without it")
    return routing_urls.HttpResponse("with it")


def takes(request, seconds):
    calls.append(request.method)
    Section.objects.extra(select={"slept": "pg_sleep(%s)"}, select_params=[float(seconds)]).first()
    return routing_urls.HttpResponse(Section.objects.all().db)


urlpatterns = [
    path("answers/", answers),
    path("copes/", copes),
    path("takes/<seconds>/", takes),
    *routing_urls.urlpatterns,
    path("middle/", middle),
    path("slow/", slow),
    path("writes/", writes),
    path("who/", who),
]


@pytest.fixture(autouse=True)
def _first_comes_first(monkeypatch, whole_again):
    """replica1 is chosen where it may be."""
    monkeypatch.setattr(layer.random, "choice", lambda names: names[0])
    calls.clear()
    meanwhile.clear()


@pytest.fixture
def client():
    return Client(raise_request_exception=False)


def test_a_frozen_replica_costs_the_deadline_and_no_more(client, cluster):
    assert client.get("/middle/").json()["alias"] == "replica1"
    faults.freeze(cluster, "replica1")
    start = time.monotonic()
    assert client.get("/middle/").json()["alias"] == "replica2"
    assert 0.4 <= time.monotonic() - start < 0.75


def test_a_replica_that_is_frozen_before_anybody_connected_costs_no_more(client, cluster):
    connections["replica1"].close()
    faults.freeze(cluster, "replica1")
    start = time.monotonic()
    assert client.get("/middle/").json()["alias"] == "replica2"
    assert 0.4 <= time.monotonic() - start < 0.75


def test_without_the_clock_a_frozen_replica_holds_the_page_up(client, cluster, settings):
    settings.ROUTING = settings.ROUTING | {"REPLICA_TIMEOUT": 0}
    client.get("/middle/")
    faults.freeze(cluster, "replica1")
    threading.Timer(1.5, faults.thaw, [cluster, "replica1"]).start()
    start = time.monotonic()
    assert client.get("/middle/").json()["alias"] == "replica1"
    assert time.monotonic() - start > 1


@pytest.mark.parametrize("break_", [faults.kill, faults.freeze, end_connections])
def test_a_replica_that_fails_in_the_middle_of_a_page_costs_the_reader_nothing(break_, client, cluster):
    meanwhile.append(lambda: break_(cluster, "replica1"))
    response = client.get("/middle/")
    assert response.status_code == 200
    assert response.json()["alias"] == "replica2"
    assert calls == ["GET", "GET"]


def test_both_replicas_fail_and_the_primary_serves(client, cluster):
    for name in ("replica1", "replica2"):
        faults.kill(cluster, name)
    assert client.get("/middle/").json()["alias"] == "default"


def test_a_query_that_is_cancelled_for_the_sake_of_replay_is_done_elsewhere(client, cluster, settings):
    settings.ROUTING = settings.ROUTING | {"REPLICA_TIMEOUT": 5000}
    replica = cluster.node("replica1")
    Section.objects.create(name="one", slug="one")
    cluster.wait_until_replayed("replica1")
    cluster.wait_until_replayed("replica2")
    replica.ask("ALTER SYSTEM SET max_standby_streaming_delay = 0")
    replica.ask("SELECT pg_reload_conf()")
    name = connections["default"].settings_dict["NAME"]
    sql = "ALTER TABLE backoffice_section ALTER COLUMN name DROP DEFAULT"
    meanwhile.append(lambda: cluster.primary.ask(sql, database=name))
    try:
        response = client.get("/slow/")
    finally:
        replica.ask("ALTER SYSTEM RESET max_standby_streaming_delay")
        replica.ask("SELECT pg_reload_conf()")
    assert (response.status_code, response.content) == (200, b"replica2")
    assert calls == ["GET", "GET"]


def test_a_post_is_never_done_twice(client, cluster):
    meanwhile.append(lambda: end_connections(cluster, "primary"))
    response = client.post("/middle/")
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "5"
    assert calls == ["POST"]


def test_a_page_that_has_written_is_not_made_again(client, cluster):
    meanwhile.append(lambda: end_connections(cluster, "replica1"))
    response = client.get("/writes/")
    assert calls == ["GET"]
    assert Section.objects.filter(name="written").count() == 1
    assert response.status_code == 500  # the replica was named by hand: this is the page's own failure


def test_a_page_that_fails_on_its_own_is_not_made_again(client):
    assert client.get("/fails/").status_code == 500


def test_without_a_replica_the_primary_has_a_limit(client, cluster, settings):
    for name in ("replica1", "replica2"):
        faults.kill(cluster, name)
    settings.ROUTING = settings.ROUTING | {"PRIMARY_READS": 1}
    seen = []
    meanwhile.append(lambda: seen.append(client.get("/middle/")))
    assert client.get("/middle/").status_code == 200
    assert seen[0].status_code == 503
    assert seen[0].headers["Retry-After"] == "5"
    assert "the primary is serving as many readers as PRIMARY_READS allows" in seen[0].text
    assert client.get("/middle/").status_code == 200


def test_the_primary_is_gone_and_an_anonymous_reader_notices_nothing(client, cluster):
    faults.kill(cluster, "primary")
    assert client.get("/middle/").status_code == 200
    assert calls == ["GET"]


def test_the_primary_is_gone_and_an_editor_reads_as_if_anonymous_and_keeps_the_session(client, cluster):
    get_user_model().objects.create_superuser("ed", password="ed")
    client.login(username="ed", password="ed")
    assert client.get("/who/").json()["user"] == "ed"
    faults.kill(cluster, "primary")
    response = client.get("/who/")
    assert response.status_code == 200
    assert response.json()["user"] == ""
    assert not response.cookies
    admin = client.get("/admin/")
    assert admin.status_code == 503
    assert "The primary database cannot be reached" in admin.text
    faults.start(cluster, "primary")
    assert client.get("/who/").json()["user"] == "ed"


def test_the_primary_is_gone_and_a_command_ends_with_one_line(cluster):
    nowhere = os.environ | {"DATABASE_URL": "postgres://app@127.0.0.1:1/newspaper"}
    command = [sys.executable, "manage.py", "publish_due"]
    done = subprocess.run(command, env=nowhere, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    said = done.stderr[done.stderr.index("CommandError") :]
    assert said.startswith("CommandError: The primary database cannot be reached")
    assert len(said.splitlines()) == 1
    assert said == done.stderr or DRIVER == "psycopg3-pool"  # the pool logs that it cannot connect


def test_the_primary_is_gone_and_who_has_a_bookmark_gets_the_newest_page_there_is(client, cluster, replay_paused):
    with replay_paused("replica1", "replica2"):
        client.post("/write/", {"name": "mine"})
        bookmark = {name: morsel.value for name, morsel in client.cookies.items()}
        faults.kill(cluster, "primary")
        response = client.get("/middle/")
    assert response.status_code == 200
    assert not response.cookies
    assert {name: morsel.value for name, morsel in client.cookies.items()} == bookmark


def test_a_page_that_says_the_databases_error_itself_is_made_again_too(client, cluster):
    """As GraphQL does: 200, with the error in the answer."""
    assert client.get("/answers/").content == b"replica1"
    faults.kill(cluster, "replica1")
    assert client.get("/answers/").content == b"replica2"


def test_a_post_that_copes_with_a_dead_replica_has_its_bookmark(client, cluster):
    client.get("/answers/")
    faults.kill(cluster, "replica1")
    response = client.post("/copes/")
    assert response.content == b"without it"
    assert [name for name in response.cookies if name.startswith("routing_bookmark")]


@pytest.mark.parametrize("seconds", [0.6, 1.2])
def test_a_statement_that_is_merely_slow_goes_on_where_it_is(seconds, client, cluster):
    """Its server is asked, and answers: no page is made again, and nothing runs on the primary."""
    Section.objects.create(name="one", slug="one")
    cluster.wait_until_replayed("replica1")
    client.get("/middle/")
    calls.clear()
    response = client.get(f"/takes/{seconds}/")
    assert (response.status_code, response.content) == (200, b"replica1")
    assert calls == ["GET"]
