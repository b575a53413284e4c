"""Search: ranked, marked, and never broken by what is typed."""

import re

import pytest

from tests.support.factories import StoryFactory

pytestmark = pytest.mark.django_db(databases=["default", "replica1", "replica2"])


def hits(client, text):
    page = client.get("/search/", {"q": text}).content.decode()
    return re.findall(r'class="headline"><a href="/stories/([^/]+)/"', page)


def test_a_word_in_the_headline_counts_for_more_than_one_in_the_text(client):
    StoryFactory(slug="text", headline="Something else", body="A replica, said somebody.")
    StoryFactory(slug="headline", headline="The replica", body="Nothing.")
    StoryFactory(slug="neither", headline="Nothing", body="Nothing.")
    assert hits(client, "replicas") == ["headline", "text"]


def test_phrases_alternatives_and_exclusions(client):
    StoryFactory(slug="one", headline="Late replica", body="")
    StoryFactory(slug="two", headline="Replica arrives late", body="")
    assert hits(client, '"late replica"') == ["one"]
    assert hits(client, "late -arrives") == ["one"]
    assert set(hits(client, "arrives or late")) == {"one", "two"}


def test_hits_are_marked_and_markup_is_shown_as_text(client):
    body = (
        "<script>alert('replica')</script> \ue000 and \ue001 <img src=x onerror=replica> a *replica* [link](https://x)"
    )
    StoryFactory(headline="Replica <i>", body=body)
    page = client.get("/search/", {"q": "replica"}).content.decode()
    assert "<mark>Replica</mark> &lt;i&gt;" in page
    assert page.count("<mark>") == page.count("</mark>") >= 2
    for raw in ("<script>alert", "<img", "<i>", "\ue000", "\ue001", "*"):
        assert raw not in page


@pytest.mark.parametrize(
    "text", ["'", '"', "a & | ! b", "((", "\\", "%", "🦆", "-", "a:*", "<->", "a" * 200, "ß ﷽ \u202e"]
)
def test_anything_may_be_typed(client, text):
    assert client.get("/search/", {"q": text}).status_code == 200


@pytest.mark.parametrize("text", ["\x00", "a\x00b", "x" * 201, "x" * 10_000])
def test_what_nobody_types_is_refused_on_the_same_page(client, text):
    response = client.get("/search/", {"q": text})
    assert response.status_code == 400
    assert 'role="alert"' in response.content.decode()


@pytest.mark.parametrize("text", ["", "   "])
def test_nothing_typed_is_an_empty_form(client, text):
    assert client.get("/search/", {"q": text}).status_code == 200


@pytest.mark.parametrize("page", ["0", "-1", "2", "999999999999", "x", ""])
def test_any_page_number_is_answered(client, page):
    StoryFactory(headline="Replica")
    assert client.get("/search/", {"q": "replica", "page": page}).status_code == 200
