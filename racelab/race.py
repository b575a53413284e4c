"""One round of the race: log in, publish a story, look, edit another, look, go on. What did the editor get to see?

An editor whose login is lost logs in once more, and tries again what she was about to do.
"""

import datetime
import re
import secrets
from dataclasses import asdict, dataclass, field
from statistics import median

from backoffice.models import Section, Story
from routing.bookmarks import wait_for_replicas

from .visitor import Visitor

PREFIX = "race-lab-"  # of the slugs of the race's stories
EDITOR = ("editor", "editor")  # the demo edition's login
OLD = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)  # such stories stand on no front page
ADD = "/admin/backoffice/story/add/"


class RaceError(Exception):
    """The race cannot be run; the message says why."""


@dataclass
class Result:
    """What the rounds of one router came to. Milliseconds are those of public pages."""

    rounds: int = 0
    pages: int = 0  # looked at after a save
    on_replicas: int = 0
    stale: int = 0
    not_found: int = 0
    lost_logins: int = 0
    errors: int = 0
    milliseconds: list = field(default_factory=list)

    def summary(self):
        """Return the figures as the page shows them."""
        figures = asdict(self)
        times = figures.pop("milliseconds")
        return figures | {
            "on_replicas": round(100 * self.on_replicas / self.pages) if self.pages else None,
            "milliseconds": round(median(times), 1) if times else None,
        }


def prepare(lag):
    """Publish the story that the rounds edit, and return it when all replicas have it. `lag` is theirs, in seconds."""
    section = Section.objects.first()
    if section is None:
        raise RaceError("The paper has no section to publish in. Run: python manage.py load_demo")
    story = Story.objects.create(
        slug=PREFIX + secrets.token_hex(5),
        headline="Race lab: made before the race",
        section=section,
        status=Story.Status.PUBLISHED,
        published_at=OLD,
    )
    wait_for_replicas(timeout=lag + 10)
    return story


def clean_up(slug=PREFIX):
    """Remove the stories of a race: those whose slug begins with `slug`."""
    Story.objects.filter(slug__startswith=slug).delete()


class Round:
    """One editor's round at `site` (such as http://127.0.0.1:8000), counted in `result`."""

    def __init__(self, site, router, story, result):
        self.visitor = Visitor(site, router)
        self.story, self.result = story, result
        self.slug = PREFIX + secrets.token_hex(5)

    def run(self):
        try:
            self._play()
        finally:
            self.result.rounds += 1
            clean_up(self.slug)

    def _play(self):
        headline = f"Race lab: {self.slug[-10:]}"
        self._log_in()
        if self._save(ADD, self._form(self.slug, headline)):
            self._look(f"/stories/{self.slug}/", headline)
        change = f"/admin/backoffice/story/{self.story.pk}/change/"
        if self._save(change, self._form(self.story.slug, headline)):
            self._look(f"/stories/{self.story.slug}/", headline)
        self.result.lost_logins += self.visitor.get(change).wants_login  # the next page

    def _log_in(self):
        if not self.visitor.log_in(*EDITOR):
            raise RaceError("editor / editor cannot log in: the demo edition's password was changed.")

    def _save(self, path, form):
        """Post a form of the admin; return whether it was saved."""
        answer = self.visitor.post(path, form)
        if answer.wants_login:
            self.result.lost_logins += 1
            self._log_in()
            answer = self.visitor.post(path, form)
            self.result.lost_logins += answer.wants_login
        if answer.status == 200:
            raise RaceError("The admin refuses the race's story: is it still the demo edition's form?")
        self.result.errors += answer.status >= 500
        return answer.status == 302 and answer.location.endswith("/story/")

    def _look(self, path, headline):
        """Read the public page of what was just saved."""
        page, result = self.visitor.get(path), self.result
        result.pages += 1
        result.milliseconds.append(page.milliseconds)
        result.on_replicas += bool(page.databases) and "default" not in page.databases
        if page.status == 404:
            result.not_found += 1
        elif page.status >= 500:
            result.errors += 1
        elif not re.search(f"<h1[^>]*>[^<]*{headline}", page.text):
            result.stale += 1

    def _form(self, slug, headline):
        """Return the story's form as a browser sends it."""
        return {
            "headline": headline,
            "slug": slug,
            "standfirst": "",
            "body": "This story is part of a race, and is removed after it.",
            "section": self.story.section_id,
            "author": "",
            "status": "published",
            "published_at_0": "2000-01-01",
            "published_at_1": "00:00:00",
            "corrections-TOTAL_FORMS": 0,
            "corrections-INITIAL_FORMS": 0,
        }
