"""The line under each public page says where the page came from, and costs it nothing."""

import re

import pytest
from django.test import Client

from routing.pytest_plugin import assert_queries
from tests.support.factories import StoryFactory

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])
PAGES = ["/", "/stories/race/", "/archive/", "/search/?q=race"]


@pytest.fixture
def story(wait_until_replayed):
    story = StoryFactory(slug="race", headline="Race")
    wait_until_replayed()
    return story


def line(response):
    found = re.search(r'<aside class="race-line[^"]*".*</aside>', response.content.decode(), re.DOTALL)
    return found and found[0]


@pytest.mark.parametrize("url", PAGES)
def test_it_says_which_database_how_far_behind_how_many_queries_and_why(client, story, url):
    response = client.get(url)
    alias = re.match(r"\w+", response.headers["Server-Timing"])[0]
    text = re.sub("<[^>]*>", "", line(response))
    assert re.search(rf"{alias} · (up to date|[\d.]+ s behind) · \d+ quer(y|ies) · public path", text)
    queries = int(re.search(r"(\d+) quer", text)[1])
    assert line(response).count("<code>SELECT") == queries


def test_it_says_how_late_the_replicas_are(client, story, replay_paused):
    client.get("/stories/race/")
    with replay_paused("replica1", "replica2"):
        StoryFactory()
        assert re.search(r"(at most )?\d+\.\d s behind", line(client.get("/stories/race/")))


def test_a_browser_is_never_shown_the_line_of_an_earlier_visit(client, story, replay_paused):
    """After a 304 it shows what it has kept, with "up to date" from when that was so."""
    page = client.get("/stories/race/", headers={"Accept": "text/html,*/*"})
    assert "up to date" in line(page)
    kept = {"If-None-Match": page.headers["ETag"]}
    with replay_paused("replica1", "replica2"):
        StoryFactory()
        again = client.get("/stories/race/", headers={"Accept": "text/html,*/*", **kept})
        assert again.status_code == 200
        assert "s behind" in line(again)


def test_it_says_in_view_when_the_page_was_read(client, story):
    summary = re.search("<summary>.*</summary>", line(client.get("/")), re.DOTALL)[0]
    assert re.search(r"read at <time[^>]*>\d\d:\d\d:\d\d UTC</time>", summary)


def test_who_has_just_written_sees_that_the_page_came_from_the_primary(as_superuser, story, replay_paused):
    with replay_paused("replica1", "replica2"):
        as_superuser.post("/admin/logout/")
        text = re.sub("<[^>]*>", "", line(as_superuser.get("/stories/race/")))
        assert re.search(r"default · \d+ queries · bookmark", text)


def test_it_costs_neither_the_primary_nor_the_page_a_query(story):
    with assert_queries(replicas=5):
        Client().get("/stories/race/")


def test_the_etag_is_that_of_the_page_without_it(client, story):
    one, two = client.get("/stories/race/"), client.get("/stories/race/")
    assert one.headers["ETag"] == two.headers["ETag"]
    again = client.get("/stories/race/", headers={"If-None-Match": one.headers["ETag"]})
    assert again.status_code == 304
    assert again.content == b""


def test_the_length_is_that_of_the_page_with_it(client, story):
    response = client.get("/stories/race/")
    assert int(response.headers["Content-Length"]) == len(response.content)


def test_nothing_of_the_page_is_changed_but_for_the_line(client, story):
    pages = [client.get("/stories/race/").content.decode() for _ in range(2)]
    without = {
        re.sub(r'<link [^>]*racelab/line.css">\s*<aside class="race-line[^"]*".*</aside>', "", p, flags=re.DOTALL)
        for p in pages
    }
    assert len(without) == 1
    assert "race-line" not in without.pop()


@pytest.mark.parametrize("url", ["/feed/", "/sitemap.xml", "/robots.txt", "/health/live/", "/lab/"])
def test_what_is_no_page_of_the_paper_has_no_line(client, url):
    assert b"race-line" not in client.get(url).content


def test_a_page_without_a_query_says_so(client):
    assert "no database was asked" in line(client.get("/nope/"))


def test_what_was_searched_for_is_not_in_it(client, story):
    assert "zebra" not in line(client.get("/search/?q=zebra"))


def test_the_admin_has_it_too(as_superuser, story):
    text = re.sub("<[^>]*>", "", line(as_superuser.get(f"/admin/backoffice/story/{story.pk}/change/")))
    assert re.search(r"default · \d+ queries · primary path · read at", text)
