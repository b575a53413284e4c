"""Two saves of one story at the very same time: the second waits for the first, and then sees what it wrote."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections, transaction
from django.test import Client

from backoffice.models import Story
from tests.replication.backoffice.test_at_once import wait_until
from tests.support.backoffice_admin import address, story_form
from tests.support.factories import EditorFactory, StoryFactory

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])


def save(user, story, **changes):
    try:
        client = Client()
        client.force_login(user)
        form = story_form(story, version=story.updated_at.isoformat(), **changes)
        return client.post(address("change", story.pk), form).status_code
    finally:
        connections.close_all()


def test_of_two_saves_at_once_one_is_stored_and_the_other_is_told(paused):
    story, users = StoryFactory(), [EditorFactory(), EditorFactory()]
    with ThreadPoolExecutor(2) as pool:
        with transaction.atomic():
            Story.objects.select_for_update().get()
            saves = [pool.submit(save, user, story, headline=f"By {user}") for user in users]
            wait_until("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' HAVING count(*) = 2")
        assert sorted(each.result() for each in saves) == [200, 302]
    assert Story.objects.get().headline in {f"By {user}" for user in users}


def test_the_text_that_was_saved_a_moment_ago_is_shown_while_replicas_stand_still(editor, paused):
    story, other = StoryFactory(), Client()
    other.force_login(EditorFactory())
    form = story_form(story, version=story.updated_at.isoformat(), headline="Mine")
    other.post(address("change", story.pk), story_form(story, headline="Theirs"))
    assert "Theirs</textarea>" in editor.post(address("change", story.pk), form).content.decode()
