"""What the lessons do with the newspaper and its cluster: hold replicas back, save as an editor, count queries."""

import os
from collections import Counter
from contextlib import ExitStack, contextmanager
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.crypto import get_random_string

from backoffice.models import Section, Story
from cluster.local import Cluster
from cluster.replay import wait_until
from routing.wal import fetch_flushed, fetch_replayed

REPLICAS = ("replica1", "replica2")
PASSWORD = "lesson"


class Lab:
    def __init__(self):
        self.cluster = Cluster(Path(os.environ["CLUSTER_DIRECTORY"]), int(os.environ["WORKSHOP_PORT"]))

    @contextmanager
    def standing_still(self, *names):
        """Stop replay on replicas (both, if none is named): they stay at this moment until the block ends."""
        self.catch_up()
        try:
            for name in names or REPLICAS:
                self.cluster.pause(name)
            yield
        finally:
            for name in names or REPLICAS:
                self.cluster.resume(name)
            self.catch_up()

    @contextmanager
    def behind(self, seconds, *names):
        """Let replicas replay every commit `seconds` late, until the block ends."""
        self.catch_up()
        try:
            for name in names:
                self.cluster.lag(name, seconds)
            yield
        finally:
            for name in names:
                self.cluster.lag(name, 0)
            self.catch_up()

    def catch_up(self, *names):
        """Wait until replicas (both, if none is named) show what is committed by now."""
        position = fetch_flushed()
        for name in names or REPLICAS:
            wait_until(
                lambda name=name: position.is_reached_by(fetch_replayed(name).position), f"{name} to replay {position}"
            )

    def story(self, **fields):
        """A published story that nobody has seen yet, in a section of its own."""
        name = get_random_string(8).lower()
        section = Section(name=f"Section {name}", slug=name)
        section.save(using="default")
        story = Story(headline="As it was", slug=name, section=section, status=Story.Status.PUBLISHED)
        for field, value in fields.items():
            setattr(story, field, value)
        story.save(using="default")
        return story

    def editor(self, **environment):
        """A browser that an editor is logged in with."""
        browser = Client(**environment)
        browser.force_login(self.user())
        return browser

    def user(self):
        """A new superuser, with PASSWORD."""
        users = get_user_model().objects.db_manager("default")
        return users.create_superuser(get_random_string(12), password=PASSWORD)


def save(browser, story, headline):
    """Change a story's headline in the admin's form, as a browser does."""
    form = {
        **{name: getattr(story, name) for name in ("slug", "standfirst", "body", "status")},
        **{"headline": headline, "section": story.section_id, "author": "", "tags": []},
        **{"published_at_0": f"{story.published_at:%Y-%m-%d}", "published_at_1": f"{story.published_at:%H:%M:%S}"},
        **{"corrections-TOTAL_FORMS": 0, "corrections-INITIAL_FORMS": 0, "_continue": "1"},
    }
    response = browser.post(reverse("admin:backoffice_story_change", args=[story.pk]), form)
    assert response.status_code == 302, f"The admin did not save: {response.status_code}. Reset the chapter's files."


def is_gone(browser, story, headline):
    """Reload the form after a save, and return whether the new headline is not in it."""
    response = browser.get(reverse("admin:backoffice_story_change", args=[story.pk]))
    return f'value="{headline}"' not in response.content.decode()


def count_gone(browser, story, saves, between=lambda: None):
    """Save that many times, call `between()`, reload; return how often the save was gone."""
    gone = 0
    for number in range(saves):
        save(browser, story, f"Edition {number}")
        between()
        gone += is_gone(browser, story, f"Edition {number}")
    return gone


@contextmanager
def counted():
    """Give a Counter that holds, after the block, how many queries each database got."""
    queries = Counter()
    with ExitStack() as stack:
        captured = {alias: stack.enter_context(CaptureQueriesContext(connections[alias])) for alias in connections}
        yield queries
        queries.update({alias: len(capture) for alias, capture in captured.items()})
