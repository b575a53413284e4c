"""Reading the paper never touches the primary, and costs the same whatever its size."""

import re
from collections import Counter

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cluster.replay import wait_until
from routing.pytest_plugin import assert_queries
from tests.support.factories import AuthorFactory, SectionFactory, StoryFactory, TagFactory

databases = ["default", "replica1", "replica2"]
pytestmark = pytest.mark.django_db(transaction=True, databases=databases)


@pytest.fixture
def urls(wait_until_replayed):
    author, section = AuthorFactory(slug="ada"), SectionFactory(slug="races")
    for number in range(30):
        StoryFactory(slug=f"race-{number}", section=section, author=author, tags=[TagFactory()])
    wait_until_replayed()
    pages = ["/", "/stories/race-7/", "/sections/races/", "/authors/ada/", "/archive/", "/search/?q=story"]
    return [*pages, "/feed/", "/sitemap.xml", "/sitemap-stories.xml", "/robots.txt", "/stories/nope/", "/nope/"]


@pytest.fixture
def sessions_on_the_primary(cluster):
    """A function: how many connections to the tests' database there have been; none of them is left."""
    connections["default"].close()
    name = connections["default"].settings_dict["NAME"]

    def count():
        # Its figures are complete once a server process has ended, and is listed no more.
        listed = f"SELECT count(*) FROM pg_stat_activity WHERE datname = '{name}' AND backend_type = 'client backend'"
        wait_until(lambda: cluster.primary.ask(listed) == (0,), "the last connection to end")
        return cluster.primary.ask(f"SELECT sessions FROM pg_stat_database WHERE datname = '{name}'")[0]

    return count


@pytest.mark.timeout(180)
def test_a_thousand_pages_without_a_connection_to_the_primary(urls, sessions_on_the_primary):
    before = sessions_on_the_primary()
    used = Counter()
    for number in range(1000):
        response = Client().get(urls[number % len(urls)])
        served_by = set(re.findall(r"(\w+);desc", response.headers.get("Server-Timing", "")))
        assert len(served_by) <= 1
        assert not response.cookies
        used.update(served_by)
    assert connections["default"].connection is None
    assert sessions_on_the_primary() == before
    assert set(used) == {"replica1", "replica2"}
    assert 0.8 < used["replica1"] / used["replica2"] < 1.25


BUDGET = {
    "/": 3,
    "/stories/race-7/": 5,
    "/sections/races/": 3,
    "/authors/ada/": 3,
    "/archive/": 2,
    "/search/?q=story": 3,
}


@pytest.mark.parametrize("more", [0, 300])
def test_the_number_of_queries_does_not_depend_on_the_size_of_the_paper(urls, more, wait_until_replayed):
    section = SectionFactory()
    StoryFactory.create_batch(more, section=section, author=None)
    wait_until_replayed()
    for url, queries in BUDGET.items():
        cache.clear()
        with assert_queries(replicas=queries):
            Client().get(url)


def test_every_query_of_stories_walks_an_index(urls, wait_until_replayed):
    """Sequential scans are forbidden, so that a small table shows the plans of a large one."""
    for url in urls:
        with (
            CaptureQueriesContext(connections["replica1"]) as one,
            CaptureQueriesContext(connections["replica2"]) as two,
        ):
            Client().get(url)
        for query in [*one.captured_queries, *two.captured_queries]:
            with connections["replica1"].cursor() as cursor:
                cursor.execute("SET enable_seqscan = off")
                cursor.execute("EXPLAIN " + query["sql"])
                plan = "\n".join(row[0] for row in cursor.fetchall())
                cursor.execute("RESET enable_seqscan")
            assert "Seq Scan on backoffice_story" not in plan, f"{url}\n{query['sql']}\n{plan}"


def test_a_part_of_the_front_page_is_cached_until_a_story_is_saved(urls, wait_until_replayed, replay_paused):
    with assert_queries(replicas=4):  # one of them: has this replica replayed the last save?
        Client().get("/")
    with assert_queries(replicas=2):
        Client().get("/")
    with replay_paused("replica1", "replica2"):
        StoryFactory(headline="Stop press", section=SectionFactory(name="Late"))
        Client().get("/")  # from a replica that does not know it yet
    wait_until_replayed()
    page = Client().get("/").content.decode()
    assert page.count("Stop press") == 2  # at the top, and in the cached part
