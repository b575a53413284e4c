"""What a story promises, whoever saves it."""

import pytest
from django.contrib.postgres.search import SearchQuery
from django.db import IntegrityError

from backoffice.models import LONGEST_BODY, Story
from tests.support.factories import AuthorFactory, SectionFactory, StoryFactory

pytestmark = pytest.mark.django_db


def test_the_html_follows_the_body_also_where_only_the_body_is_saved():
    story = StoryFactory()
    story.body = "*new*"
    story.save(update_fields=["body"])
    assert Story.objects.get().body_html == "<p><em>new</em></p>\n"


def test_every_save_is_dated():
    story = StoryFactory()
    before = story.updated_at
    story.headline = "New"
    story.save(update_fields=["headline"])
    assert Story.objects.get().updated_at > before


def test_readers_see_published_stories_newest_first():
    old, new = StoryFactory(), StoryFactory()
    Story.objects.update(published_at=old.published_at)
    StoryFactory(draft=True)
    StoryFactory(scheduled=True)
    assert list(Story.objects.published()) == [new, old]  # of one moment: the later row first


def test_the_longest_text_can_be_saved_and_found():
    # A tsvector holds one megabyte, and a word of four-byte characters fills it fastest.
    words = " ".join(f"w{n:05x}" for n in range(20_000))
    StoryFactory(body=f"whistle {words}"[:LONGEST_BODY])
    assert Story.objects.filter(search=SearchQuery("whistle", config="english")).exists()
    wide = " ".join(chr(0x20000 + n % 40_000) * 3 + str(n) for n in range(20_000))
    StoryFactory(body=wide[:LONGEST_BODY], standfirst="𠀀" * 1000)


def test_a_text_over_the_limit_is_refused_whoever_saves_it():
    with pytest.raises(IntegrityError, match="story_length"):
        StoryFactory(body="x" * (LONGEST_BODY + 1))


@pytest.mark.parametrize("factory", [StoryFactory, SectionFactory, AuthorFactory])
def test_a_slug_that_no_address_can_hold_is_refused_whoever_saves_it(factory):
    with pytest.raises(IntegrityError, match="_slug"):
        factory(slug="a b")
