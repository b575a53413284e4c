"""Long lists: every story stands on exactly one page, whatever the times."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from publicsite.keyset import PAGE_SIZE
from tests.support.factories import SectionFactory, StoryFactory

pytestmark = pytest.mark.django_db(databases=["default", "replica1", "replica2"])


def walk(client, url):
    """The stories of all pages, in order, by following the links."""
    found, next_url = [], url
    while next_url:
        page = client.get(next_url).content.decode()
        found += re.findall(r'class="headline"><a href="/stories/([^/]+)/"', page)
        older = re.search(r'rel="next" href="([^"]+)"', page)
        next_url = older and older.group(1)
    return found


@pytest.mark.parametrize("count", [0, 1, PAGE_SIZE, PAGE_SIZE + 1, 3 * PAGE_SIZE])
def test_every_story_stands_once_and_in_order_with_equal_times(client, count):
    section = SectionFactory(slug="one")
    time = datetime(2026, 1, 1, tzinfo=UTC)
    stories = [
        StoryFactory(section=section, author=None, published_at=time.replace(hour=number // 30))
        for number in range(count)
    ]
    expected = [
        story.slug for story in sorted(stories, key=lambda story: (story.published_at, story.pk), reverse=True)
    ]
    assert walk(client, "/archive/") == expected
    assert walk(client, "/sections/one/") == expected


NASTY = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["", "0", "-", "1-", "-1", "1--1", "9" * 400 + "-1", "1-" + "9" * 30, "٣-٣", "1e3-1", "0-0", "1-1\x00"]
    ),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cursor=NASTY, page=NASTY, text=NASTY)
def test_no_query_string_breaks_a_page(client, cursor, page, text):
    assert client.get("/archive/", {"before": cursor}).status_code in (200, 404)
    assert client.get("/search/", {"q": text, "page": page}).status_code in (200, 400)
    assert client.get("/", {text: cursor}).status_code == 200


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(path=st.text(max_size=40))
def test_no_path_breaks_the_paper(client, path):
    assert client.get("/" + path.lstrip("/")).status_code in (200, 301, 302, 400, 404)
    assert client.get(f"/stories/{path}/").status_code in (301, 404)
