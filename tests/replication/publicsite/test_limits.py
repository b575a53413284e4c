"""No reader's statement is slow, on whichever server; and no search is, whatever was written."""

from time import perf_counter

import pytest
from django.db import connections
from django.test import Client, RequestFactory

from backoffice.models import Story
from publicsite import reading
from routing.bookmarks import with_bookmark
from tests.support.factories import SectionFactory, StoryFactory

databases = ["default", "replica1", "replica2"]
pytestmark = pytest.mark.django_db(transaction=True, databases=databases)


def sleeps(alias):
    def view(request):
        with connections[alias].cursor() as cursor:
            cursor.execute("SELECT pg_sleep(30)")

    return reading.for_readers(view)


def test_on_the_primary_a_page_has_a_limit_of_its_own(monkeypatch):
    monkeypatch.setattr(reading, "STATEMENT_TIMEOUT", 50)
    with pytest.raises(reading.Unavailable, match="too long"):
        sleeps("default")(RequestFactory().get("/"))
    with connections["default"].cursor() as cursor:  # which is gone with the page
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


def test_on_a_replica_it_is_the_roles(wait_until_replayed):
    with connections["replica1"].cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == (f"{reading.STATEMENT_TIMEOUT}ms",)


def test_a_page_that_takes_too_long_on_the_primary_is_a_503(monkeypatch, replay_paused):
    monkeypatch.setattr(reading, "STATEMENT_TIMEOUT", 5)
    monkeypatch.setattr("publicsite.views.search.EXCERPT_FROM", 1_000_000)
    with replay_paused("replica1", "replica2"):
        StoryFactory(headline="A replica", body="replica " * 12_000)
        response = Client().get(with_bookmark("/search/?q=replica"))
    assert response.status_code == 503
    assert "tries again by itself" in response.content.decode()


def test_a_search_costs_the_same_however_long_the_stories_are(wait_until_replayed):
    """Three stories of 5 MB took 6 to 12 seconds."""
    section = SectionFactory()
    long = "a replica that is late " * 220_000
    stories = StoryFactory.create_batch(3, section=section, author=None, headline="Nothing", body="x")
    Story.objects.filter(pk__in=[each.pk for each in stories]).update(body=long[:99_000], body_html=f"<p>{long}</p>")
    for name in connections:  # connect first
        connections[name].ensure_connection()
    wait_until_replayed()
    start = perf_counter()
    response = Client().get("/search/?q=replica")
    assert response.status_code == 200
    assert response.content.count(b"<mark>") >= 3
    assert perf_counter() - start < 1
    assert b"replica" in response.headers["Server-Timing"].encode()
