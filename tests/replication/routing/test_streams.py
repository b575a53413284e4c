"""Streaming responses: what is read after the headers are sent counts as seen, too."""

import pytest
from django.db import connections
from django.http import FileResponse, StreamingHttpResponse
from django.test import Client
from django.urls import include, path

from backoffice.models import Section
from routing.pytest_plugin import assert_queries
from routing.wal import fetch_replayed, forget_servers
from tests.support.factories import SectionFactory

databases = ["default", "replica1", "replica2"]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True, databases=databases)]
meanwhile = []


def export(request):
    """The names of the sections. What is in `meanwhile` happens between the headers and the body."""

    def rows():
        while meanwhile:
            meanwhile.pop()()
        yield from Section.objects.values_list("name", flat=True)

    if request.method == "POST":
        SectionFactory(name=request.POST["name"])
    return StreamingHttpResponse(rows())


def file(request):
    return FileResponse(open(__file__, "rb"))


urlpatterns = [
    path("export/", export),
    path("admin/export/", export),
    path("file/", file),
    path("", include("tests.support.routing_urls")),
]


@pytest.fixture
def their_write(cluster):
    """A function that adds a section, outside of this thread's request."""
    sql = "INSERT INTO backoffice_section (name, slug, position) VALUES ('theirs', 'theirs', 1) RETURNING id"
    return lambda: cluster.primary.ask(sql, connections["default"].settings_dict["NAME"])


@pytest.fixture
def somebody_else_writes(cluster, their_write):
    """A function: replica1 catches up and stops, and then there is a section more."""

    def write():
        cluster.resume("replica1")
        cluster.wait_until_replayed("replica1")
        cluster.pause("replica1")
        their_write()

    yield write
    cluster.resume("replica1")


def read(response):
    return b",".join(response.streaming_content).decode()


def names(browser):
    forget_servers()
    return browser.get("/names/").json()["names"]


@pytest.mark.parametrize("url", ["/export/", "/admin/export/"])
def test_a_page_is_not_older_than_a_stream_from_the_primary(url, somebody_else_writes, replay_paused):
    browser = Client()
    with replay_paused("replica1", "replica2"):
        browser.post("/write/", {"name": "mine"})
        meanwhile.append(somebody_else_writes)
        assert "theirs" in read(browser.get(url))
        assert "theirs" in names(browser)


def test_a_page_is_not_older_than_the_stream_of_a_post(somebody_else_writes, replay_paused):
    browser = Client()
    with replay_paused("replica1", "replica2"):
        meanwhile.append(somebody_else_writes)
        assert "theirs" in read(browser.post("/export/", {"name": "mine"}))
        assert {"mine", "theirs"} <= {*names(browser)}


@pytest.mark.parametrize("is_known", [False, True])
def test_a_page_is_not_older_than_a_stream_from_a_replica(is_known, cluster, their_write, replay_paused):
    browser = Client()

    def somebody_else_writes():
        their_write()
        cluster.wait_until_replayed("replica1")

    browser.post("/write/", {"name": "mine"})
    cluster.wait_until_replayed("replica2")
    with replay_paused("replica2"):
        SectionFactory(name="what only replica1 has")
        browser.post("/write/", {"name": "more"})
        cluster.wait_until_replayed("replica1")
        if is_known:
            fetch_replayed("replica1")
        meanwhile.append(somebody_else_writes)
        assert "theirs" in read(browser.get("/export/"))
        for _ in range(5):
            assert "theirs" in names(browser)


def test_a_file_costs_no_statement_and_no_cookie():
    browser = Client()
    browser.post("/write/", {"name": "mine"})
    with assert_queries():
        response = browser.get("/file/")
        read(response)
    assert not response.cookies
