"""What every page of the paper has in common: safe methods only, conditional requests that are right, a limit."""

from datetime import UTC, datetime

import pytest
from django.test import Client

from backoffice.models import Author
from publicsite.urls import urlpatterns
from tests.support.factories import CorrectionFactory, StoryFactory

pytestmark = pytest.mark.django_db(databases=["default", "replica1", "replica2"])
URLS = [
    "/",
    "/stories/race/",
    "/sections/races/",
    "/authors/ada/",
    "/archive/",
    "/search/?q=story",
    "/feed/",
    "/race/",
]
URLS += ["/robots.txt", "/sitemap.xml", "/sitemap-stories.xml"]


@pytest.fixture
def story():
    return StoryFactory(slug="race", section__slug="races", author__slug="ada")


def test_no_page_is_left_out_here():
    assert len(URLS) == len(urlpatterns)


@pytest.mark.parametrize("url", URLS)
def test_a_page_is_only_read(client, story, url):
    assert client.get(url).status_code == 200
    assert client.head(url).status_code == 200
    for method in ("post", "put", "patch", "delete", "options", "trace"):
        response = getattr(client, method)(url)
        assert response.status_code == 405, method
        assert "GET, HEAD" in response.headers["Allow"]


def test_whoever_brings_both_halves_of_a_csrf_pair_is_refused_all_the_same(story):
    client = Client(enforce_csrf_checks=True)
    client.cookies["csrftoken"] = token = "a" * 32
    assert client.post("/", {"csrfmiddlewaretoken": token}).status_code == 405


@pytest.mark.parametrize("url", URLS)
def test_a_copy_is_kept_and_asked_about_by_its_content_alone(client, story, url):
    response = client.get(url)
    assert response.headers["Cache-Control"] == "public, no-cache"
    assert "Last-Modified" not in response.headers
    assert client.get(url, headers={"If-None-Match": response.headers["ETag"]}).status_code == 304


@pytest.mark.parametrize("url", ["/", "/stories/race/", "/feed/"])
def test_what_changed_without_its_time_is_no_304(client, story, url):
    before = client.get(url).headers["ETag"]
    CorrectionFactory(story=story) if "stories" in url else Author.objects.update(name="Ada Renamed")
    asked = {"If-None-Match": before, "If-Modified-Since": "Tue, 01 Dec 2099 00:00:00 GMT"}
    assert client.get(url, headers=asked).status_code == 200
    del asked["If-None-Match"]
    assert client.get(url, headers=asked).status_code == 200


def test_a_list_goes_on_before_1970(client):
    for year in range(1930, 1980):
        StoryFactory(slug=f"of-{year}", published_at=datetime(year, 1, 1, 0, 0, 0, 1, tzinfo=UTC))
    url, found = "/archive/", []
    while url:
        response = client.get(url)
        assert response.status_code == 200
        found += [story.published_at.year for story in response.context["page"].stories]
        older = response.context["page"].older
        url = older and f"/archive/?before={older}"
    assert found == list(range(1979, 1929, -1))
