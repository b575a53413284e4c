"""One round of the race: log in, go on; then publish a story and read it, edit another and read it, and again later.

What did the editor get to see? Each router has the same work, a story of its own to edit, and the same waits: for
the login to arrive at the replicas, so that saves go through, and a few seconds more for whoever pins that long.
"""

import datetime
import secrets
from time import monotonic, sleep

from backoffice.models import Section, Story
from routing.bookmarks import ReplicasBehind, wait_for_replicas

from .visitor import Visitor, fields
from .witness import PrimaryGone, Witness

LAB = "race-lab-"  # of the slugs of whatever the lab writes
PREFIX = f"{LAB}round-"  # … and of the race's stories
EDITOR = ("editor", "editor")  # the demo edition's login
OLD = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)  # such stories stand on no front page
ADD = "/admin/backoffice/story/add/"
AGAIN = 2.5  # seconds after which the editor looks again: a pin of two has ended


class RaceError(Exception):
    """The race cannot be run, or not to its end; the message says why."""


def prepare(routers, lag):
    """Publish a story for each router's rounds to edit, and return them by router when all replicas have them.

    `lag` is the replicas', in seconds.
    """
    section = Section.objects.first()
    if section is None:
        raise RaceError("The paper has no section to publish in. Run: python manage.py load_demo")
    stories = {}
    for router in routers:
        stories[router] = Story.objects.create(
            slug=PREFIX + secrets.token_hex(5),
            headline="Race lab: made before the race",
            section=section,
            status=Story.Status.PUBLISHED,
            published_at=OLD,
        )
    arrive(lag)
    return stories


def arrive(lag):
    """Wait until every replica has what is committed by now. Raises RaceError."""
    try:
        wait_for_replicas(timeout=lag + 5)
    except ReplicasBehind as error:
        raise RaceError("A save does not arrive at every replica: is one paused, stopped or frozen?") from error


def clean_up(slug=PREFIX):
    """Remove the stories whose slug begins with `slug`."""
    Story.objects.filter(slug__startswith=slug).delete()


class Round:
    """One editor's round at `site` (such as http://127.0.0.1:8000), counted in `result`. Call its steps in order."""

    def __init__(self, site, router, story, result, nodes):
        self.visitor, self.nodes = Visitor(site, router), nodes
        self.story, self.result = story, result
        self.slug = PREFIX + secrets.token_hex(5)
        self.headline = f"Race lab: {self.slug[-10:]}"
        self.witness, self.wrong = Witness(nodes), []
        self.published = self.edited = False

    def log_in(self):
        """Log in, read the paper, and go on in the admin."""
        self._log_in("logs in")
        self._get("reads the paper", f"/stories/{self.story.slug}/")
        if self._get("goes on in the admin", "/admin/").wants_login:
            self._complain("lost_logins", "logged out")
            self._log_in("logs in again")

    def save(self):
        """Publish a story and read it; edit another, and read that."""
        self.witness.waits("waits until her login is everywhere")
        self.published = self._save("publishes", ADD, slug=self.slug, status="published")
        if self.published:
            self._find("reads it")
        change = f"/admin/backoffice/story/{self.story.pk}/change/"
        self.edited = self._save("edits another story", change)
        if self.edited:
            self._read("reads that one")
        self.saved_at = monotonic()

    def look_again(self):
        """Read both once more, a while after the save."""
        sleep(max(0, self.saved_at + AGAIN - monotonic()))
        self.witness.waits("reads her mail")
        if self.published:
            self._find("reads the first story again")
        if self.edited:
            self._read("reads the second one again")

    def end(self):
        """Count the round, and remove what it published."""
        self.result.rounds += 1
        self.result.marks.append(sorted(set(self.wrong)))
        self.nodes.call(lambda: clean_up(self.slug))

    def _log_in(self, does):
        answer = self.witness.sees(does, lambda: self.visitor.log_in(*EDITOR))
        self._count_errors(answer)
        if answer.status == 200:
            raise RaceError("editor / editor cannot log in: the demo edition's password was changed.")

    def _save(self, does, path, **more):
        """Save the form of the admin at `path`; return whether it went through."""
        form = self.nodes.call(lambda: self.visitor.get(path))
        self.result.tried += 1
        if form.status != 200:
            self._count_errors(form)
            self.wrong.append("not saved")
            return False
        given = fields(form.text) | {"headline": self.headline, "section": self.story.section_id, **more}
        given |= {"published_at_0": "2000-01-01", "published_at_1": "00:00:00"}
        given["body"] = "This story is part of a race, and is removed after it."
        does = f"{does}: “{self.headline.removeprefix('Race lab: ')}”"
        answer = self.witness.sees(does, lambda: self.visitor.post(path, given), is_save=True)
        if answer.status == 200:
            raise RaceError("The admin refuses the race's story: is it still the demo edition's form?")
        self._count_errors(answer)
        is_saved = answer.status == 302 and answer.location.endswith("/story/")
        if is_saved:
            self.result.saved += 1
            self.result.save_times.append(answer.milliseconds)
        else:
            self.wrong.append("not saved")
        return is_saved

    def _find(self, does):
        """Read the story just published: is it there?"""
        page = self._page(does, f"/stories/{self.slug}/")
        self.result.news += 1
        if page.status == 404:
            self._complain("not_found", "404")

    def _read(self, does):
        """Read the story just edited: is it the one that was saved?"""
        page = self._page(does, f"/stories/{self.story.slug}/")
        self.result.looks += 1
        if page.status == 200 and page.headline != self.headline:
            self._complain("stale", "stale")

    def _page(self, does, path):
        page, result = self._get(does, path), self.result
        result.pages += 1
        result.page_times.append(page.milliseconds)
        result.on_replicas += bool(page.databases) and "default" not in page.databases
        return page

    def _get(self, does, path):
        answer = self.witness.sees(does, lambda: self.visitor.get(path))
        self._count_errors(answer)
        return answer

    def _complain(self, count, why):
        setattr(self.result, count, getattr(self.result, count) + 1)
        self.wrong.append(why)
        self.witness.complains(why)

    def _count_errors(self, answer):
        """Count an answer of 500 and more. If there is no primary, there is no race either. Raises PrimaryGone."""
        if answer.status < 500:
            return
        if self.nodes.is_primary_gone():
            raise PrimaryGone
        self.result.errors += 1
        self.wrong.append(f"error {answer.status}")
