"""What is scheduled appears when its time has come."""

import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from backoffice.models import Story
from tests.support.factories import StoryFactory

pytestmark = pytest.mark.django_db


def publish_due():
    out = StringIO()
    call_command("publish_due", stdout=out)
    return out.getvalue()


def test_due_stories_are_published_and_named():
    due = StoryFactory(scheduled=True, slug="due", published_at=timezone.now() - datetime.timedelta(minutes=1))
    later = StoryFactory(scheduled=True)
    draft = StoryFactory(draft=True)
    out = publish_due()
    assert "published due: " in out
    assert "1 published" in out
    for story, status in ((due, "published"), (later, "scheduled"), (draft, "draft")):
        before = story.updated_at
        story.refresh_from_db()
        assert story.status == status
        assert (story.updated_at > before) == (story == due)


def test_a_second_run_finds_nothing():
    StoryFactory(scheduled=True, published_at=timezone.now() - datetime.timedelta(minutes=1))
    publish_due()
    assert publish_due() == "nothing is due\n"


def test_due_is_what_the_queryset_calls_due():
    due = StoryFactory(scheduled=True, published_at=timezone.now() - datetime.timedelta(minutes=1))
    StoryFactory(scheduled=True)
    assert list(Story.objects.due()) == [due]
