"""What a story promises, whoever saves it."""

import pytest
from django.contrib.postgres.search import SearchQuery

from backoffice.models import Story
from tests.factories import StoryFactory

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


def test_the_longest_text_can_be_saved_and_its_beginning_found():
    # A tsvector holds one megabyte; this body has two, and no word twice.
    StoryFactory(body="whistle " + " ".join(f"w{n:07x}" for n in range(220_000)))
    assert Story.objects.filter(search=SearchQuery("whistle", config="english")).exists()
    wide = " ".join(chr(0x20000 + n % 40_000) * 3 + str(n) for n in range(60_000))
    StoryFactory(body=wide, standfirst="𠀀" * 1000)
