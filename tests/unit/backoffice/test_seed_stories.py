"""Load: many stories that are like real ones, and the same ones each time."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from backoffice.markdown import render_markdown
from backoffice.models import Story
from backoffice.one_at_a_time import one_at_a_time
from backoffice.searching import find_stories
from backoffice.seeding import seed_stories
from tests.support.factories import SectionFactory

pytestmark = pytest.mark.django_db


def seeded(count, seed=1):
    batches = []
    with one_at_a_time("seed_stories"):
        seed_stories(count, seed=seed, progress=batches.append)
    assert sum(batches) == count
    return list(Story.objects.order_by("pk"))


def texts(stories):
    return [(story.slug, story.headline, story.body, story.published_at, story.status) for story in stories]


def test_the_stories_are_valid_and_varied():
    stories = seeded(300)
    for story in stories[:20]:
        story.full_clean()
        assert story.body_html == render_markdown(story.body)
        assert story.tags.count() == 1
    assert len({story.headline for story in stories}) > 250
    assert len({story.section_id for story in stories}) > 5
    assert len({story.author_id for story in stories}) > 50
    assert Story.objects.published().count() > 270
    assert find_stories(Story.objects, "bridge").count() in range(10, 250)


def test_the_same_seed_makes_the_same_stories():
    first = texts(seeded(20))
    Story.objects.all().delete()
    assert texts(seeded(20)) == first
    Story.objects.all().delete()
    assert texts(seeded(20, seed=2)) != first


def test_a_second_run_adds_as_many_again():
    seeded(20)
    stories = seeded(20)
    assert len(stories) == 40
    assert stories[-1].guid == "seed:40"


def test_nothing_is_left_of_an_interrupted_run():
    def interrupt(count):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), one_at_a_time("seed_stories"):
        seed_stories(20, seed=1, progress=interrupt)
    assert not Story.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_command_says_how_many():
    out = StringIO()
    call_command("seed_stories", count=30, stdout=out)
    assert out.getvalue() == "30 stories added\n"


def test_a_count_below_one_is_refused():
    with pytest.raises(CommandError, match="1 or more"):
        call_command("seed_stories", count=0)


def test_the_stories_go_into_the_newspapers_own_sections():
    sections = {section.pk for section in SectionFactory.create_batch(4)}
    assert {story.section_id for story in seeded(50)} == sections
