"""Finding a story: what a search shows of it, what it says of none, and where a wrong address leads."""

import pytest

from tests.support.factories import StoryFactory

pytestmark = pytest.mark.django_db(databases=["default", "replica1", "replica2"])


def search(client, text):
    return client.get("/search/", {"q": text}).content.decode()


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("Ask `pg_current_wal_flush_lsn()` of a replica.", "pg_current_wal_flush_lsn()"),
        ("`SELECT * FROM lag` of a replica", "SELECT * FROM lag"),
        ("A *late* __replica__, said [Ada](https://x.example/)", "A late <mark>replica</mark>, said Ada"),
        ("a replica: 1 < 2 & 3 > 2", "1 &lt; 2 &amp; 3 &gt; 2"),
        ("`&amp;` of a replica", "&amp;amp;"),
        ("> a replica\n\n# and | a _heading_", "and | a heading"),
    ],
)
def test_an_excerpt_is_the_text_as_it_is_printed(client, markdown, shown):
    StoryFactory(headline="Nothing", body=markdown)
    assert shown in search(client, "replica")


def test_an_excerpt_is_cut_without_half_a_tag(client, monkeypatch):
    monkeypatch.setattr("publicsite.views.search.EXCERPT_FROM", len("<p>a replica <st"))
    StoryFactory(headline="Nothing", body="a replica **of mine**")
    page = search(client, "replica")
    assert "<mark>replica</mark>" in page
    assert "&lt;st" not in page.partition("<main")[2].partition("</main>")[0]


def test_a_search_without_hits_says_so(client):
    page = search(client, "nowhere")
    assert "No story has these words." in page


def test_a_page_that_is_not_there_has_a_search_and_the_archive(client):
    page = client.get("/stories/nope/").content.decode().partition("<main")[2]
    assert 'action="/search/"' in page
    assert 'href="/archive/"' in page
    assert "Just published?" in page
    assert 'href="/lab/"' in page


def test_the_demos_navigation_leads_to_the_lab(client):
    assert 'href="/lab/"' in client.get("/").content.decode().partition("<nav")[2].partition("</nav>")[0]
