"""Writes that no wrapper of Django's sees: a POST counts as having written, and so do COPY and procedures in a GET."""

import io

import psycopg2.extras
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from backoffice.models import Section
from routing import only_read
from routing.guard import PublicWriteError
from tests.settings import DRIVER

pytestmark = [
    pytest.mark.urls(__name__),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]
INSERT = "INSERT INTO backoffice_section (name, slug, position) VALUES"
COLUMNS = "backoffice_section (name, slug, position)"


def with_cursor(write):
    def view(request):
        with connection.cursor() as cursor:
            write(cursor)
        return HttpResponse()

    return view


def copy(cursor, sql, text=""):
    if DRIVER == "psycopg2":
        cursor.copy_expert(sql, io.StringIO(text))
    else:
        with cursor.copy(sql) as copying:
            copying.write(text) if text else list(copying)


def past_django(cursor):
    """By the driver's own cursor."""
    if DRIVER == "psycopg2":
        psycopg2.extras.execute_values(cursor.cursor, f"{INSERT} %s", [("New", "new", 1)])
    else:
        cursor.cursor.executemany(f"{INSERT} (%s, %s, %s)", [("New", "new", 1)])


WAYS = {
    "orm": lambda cursor: Section.objects.create(name="New", slug="new"),
    "copy": lambda cursor: copy(cursor, f"COPY {COLUMNS} FROM STDIN", "New\tnew\t1\n"),
    "callproc": lambda cursor: cursor.callproc("add_section"),
    "the-drivers-cursor": past_django,
    "script": lambda cursor: cursor.execute(f"SET LOCAL lock_timeout = '2s'; {INSERT} ('New', 'new', 1)"),
    "function": lambda cursor: cursor.execute("SELECT add_section()"),
}


def count(request):
    return HttpResponse(str(Section.objects.count()))


def search(request):
    """A search by POST."""
    only_read(request)
    return HttpResponse(f"{Section.objects.filter(name=request.POST['q']).count()} {Section.objects.all().db}")


def says_it_reads_and_writes(request):
    only_read(request)
    Section.objects.create(name="New", slug="new")


def copies_out(request):
    with connection.cursor() as cursor:
        copy(cursor, "COPY backoffice_section TO STDOUT")
    return HttpResponse()


urlpatterns = [
    *(path(name, with_cursor(write)) for name, write in WAYS.items()),
    path("count", count),
    path("search", search),
    path("lies", says_it_reads_and_writes),
    path("copies-out", copies_out),
]


@pytest.fixture(autouse=True)
def _function(transactional_db):
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE OR REPLACE FUNCTION add_section() RETURNS void LANGUAGE sql AS $$ {INSERT} ('New', 'new', 1) $$"
        )


@pytest.mark.parametrize("way", WAYS)
def test_the_page_after_a_post_shows_what_it_wrote(way, replay_paused, wait_until_replayed):
    wait_until_replayed()
    with replay_paused("replica1", "replica2"):
        browser = Client()
        assert browser.post(f"/{way}").status_code == 200
        assert browser.get("/count").content == b"1"


@pytest.mark.parametrize("way", ["copy", "callproc"])
def test_copy_and_procedures_in_a_get_are_writes(way):
    with pytest.raises(PublicWriteError, match="COPY backoffice_section|CALL add_section|backoffice.Section"):
        Client().get(f"/{way}")
    assert not Section.objects.exists()


def test_copying_out_is_a_read():
    assert Client().get("/copies-out").status_code == 200


def test_a_post_that_says_that_it_only_reads_reads_from_a_replica_and_gives_no_bookmark():
    browser = Client()
    assert browser.post("/search", {"q": "x"}).content.split()[1] in (b"replica1", b"replica2")
    assert not browser.cookies


def test_a_post_that_says_that_it_only_reads_may_not_write():
    with pytest.raises(PublicWriteError):
        Client().post("/lies")


def test_the_method_query_is_safe():
    assert Client().generic("QUERY", "/count").content == b"0"
    assert not Client().generic("QUERY", "/count").cookies
