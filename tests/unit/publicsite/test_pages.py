"""Every page of the paper, once: its status, its heading, what it shows and what it does not."""

import re

import pytest
from django.test import Client

from tests.support.factories import AuthorFactory, CorrectionFactory, SectionFactory, StoryFactory, TagFactory

pytestmark = pytest.mark.django_db(databases=["default", "replica1", "replica2"])


@pytest.fixture
def story():
    section = SectionFactory(name="Races", slug="races")
    author = AuthorFactory(name="Ada", slug="ada")
    story = StoryFactory(
        headline="A <b>race</b>", slug="race", section=section, author=author, tags=[TagFactory(name="WAL")]
    )
    CorrectionFactory(story=story, text="It was yesterday.")
    return story


PAGES = ["/", "/stories/race/", "/sections/races/", "/authors/ada/", "/archive/", "/search/", "/search/?q=race"]


@pytest.mark.parametrize("url", PAGES)
def test_a_page_has_one_heading_and_a_title(client, story, url):
    response = client.get(url)
    page = response.content.decode()
    assert response.status_code == 200
    assert len(re.findall("<h1", page)) == 1
    assert re.search("<title>[^<]*The Daily Replica</title>", page)
    assert "A <b>race" not in page


@pytest.mark.parametrize("url", [*PAGES, "/feed/", "/sitemap.xml", "/robots.txt"])
def test_a_page_may_be_kept_but_must_be_asked_about(client, story, url):
    response = client.get(url)
    assert not response.cookies
    assert "Cookie" not in response.headers.get("Vary", "")
    again = client.get(url, headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("url", PAGES)
def test_a_page_loads_nothing_from_another_host(client, story, url):
    page = client.get(url).content.decode()
    assert not re.findall(
        r"""(?:src|<link[^>]+rel="(?:stylesheet|preload|icon)"[^>]+href)=["']?(?:https?:)?//""", page
    )


def test_a_story_shows_what_belongs_to_it(client, story):
    page = client.get("/stories/race/").content.decode()
    for text in (
        "A &lt;b&gt;race&lt;/b&gt;",
        "Ada",
        "Races",
        "WAL",
        "It was yesterday.",
        "<strong>yesterday</strong>",
    ):
        assert text in page


@pytest.mark.parametrize("state", ["draft", "scheduled"])
def test_what_is_not_published_is_nowhere(client, state):
    story = StoryFactory(headline="Secret", slug="secret", **{state: True})
    urls = ["/", "/archive/", f"/sections/{story.section.slug}/", f"/authors/{story.author.slug}/"]
    urls += ["/search/?q=secret", "/feed/", "/sitemap-stories.xml"]
    assert client.get("/stories/secret/").status_code == 404
    for url in urls:
        response = client.get(url)
        assert response.status_code == 200
        assert "Secret" not in response.content.decode().replace('value="Secret"', "")
        assert "/stories/secret/" not in response.content.decode()


def test_an_empty_paper_has_pages_too(client):
    for url in ("/", "/archive/", "/search/?q=nothing", "/feed/", "/sitemap.xml", "/robots.txt"):
        assert client.get(url).status_code == 200


@pytest.mark.parametrize(
    "url",
    ["/nope/", "/stories/nope/", "/sections/nope/", "/authors/nope/", "/archive/?before=x", "/stories/%00/"],
)
def test_what_is_not_there_is_404_in_the_papers_clothes(client, url):
    response = client.get(url)
    assert response.status_code == 404
    assert "We have no such page" in response.content.decode()
    assert "nameplate" in response.content.decode()


def test_an_error_in_a_page_is_500_in_the_papers_clothes(monkeypatch):
    def fails(*args):
        raise RuntimeError

    monkeypatch.setattr("publicsite.views.front.newest_of", fails)
    response = Client(raise_request_exception=False).get("/")
    assert response.status_code == 500
    assert "Stop the press" in response.content.decode()


def test_the_feed_has_the_stories(client, story):
    response = client.get("/feed/")
    assert response.headers["Content-Type"].startswith("application/atom+xml")
    assert b"/stories/race/" in response.content


def test_the_sitemap_leads_to_the_stories(client, story):
    index = client.get("/sitemap.xml").content.decode()
    assert "sitemap-stories.xml" in index
    assert "/stories/race/" in client.get("/sitemap-stories.xml").content.decode()
