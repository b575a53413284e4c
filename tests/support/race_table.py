"""Plays the cases of race_cases.json on real servers: what docs/race.html says of them must be so."""

import json
import random
from pathlib import Path

from django.db import ConnectionRouter, router
from django.test import Client

from backoffice.models import Section, Story
from tests.support import pinned_router
from tests.support.factories import PASSWORD, AuthorFactory, EditorFactory, StoryFactory

TABLE = json.loads((Path(__file__).parents[1] / "race_cases.json").read_text())
HEADLINES, CASES = TABLE["headlines"], TABLE["cases"]
ROUTERS = {
    "naive": "tests.support.naive_router.NaiveRouter",
    "published": "tests.support.published_router.PublishedRouter",
    "pinned": "tests.support.pinned_router.PinnedRouter",
    "any1": "tests.support.naive_router.NaiveRouter",
    "both": "tests.support.naive_router.NaiveRouter",
    "ours": "routing.router.PathRouter",
    "bare": "routing.router.PathRouter",
}


def cases(breaks=False):
    """The cases that break servers, or those that don't."""
    return [case for case in CASES if case.get("breaks", False) == breaks]


class Race:
    """One case. `world(verb, node)` does what no browser does: holds a replica, freezes it, promotes it."""

    def __init__(self, case, world, monkeypatch, settings):
        self.case, self.world, self.monkeypatch, self.settings = case, world, monkeypatch, settings
        self.editor, self.reader = (Client(raise_request_exception=False) for _ in range(2))
        self.slug, self.saves = "weather", 0
        self.dice, self.die = [], None

    def prepare(self):
        """Publish the story, and log the editor in if the case begins so. With the primary's own view of things."""
        self.user = EditorFactory(is_superuser=True)
        StoryFactory(slug="weather", headline=HEADLINES[0], author=AuthorFactory())
        if self.case.get("logged_in", True):
            self.editor.force_login(self.user)

    def use_router(self):
        name = self.case["router"]
        self.monkeypatch.setattr(router, "routers", ConnectionRouter([ROUTERS[name]]).routers)
        self.monkeypatch.setattr(random, "choice", self._throw)
        if name not in ("ours", "bare"):  # they have no guards, and no clock
            wrong = {"PUBLIC_WRITES": "allow", "STALE_SAVES": "allow", "REPLICA_TIMEOUT": 0}
            self.settings.ROUTING = self.settings.ROUTING | wrong
        if name == "pinned":
            self.settings.MIDDLEWARE = [*self.settings.MIDDLEWARE, "tests.support.pinned_router.PinnedMiddleware"]

    def _throw(self, names):
        said = self.dice.pop(0) if self.dice else self.die
        return said if said in names else names[0]

    def play(self, afterwards=lambda: None):
        """Do all that the case has, with `afterwards` after each event; return what was otherwise than it says."""
        wrong = []
        for number, event in enumerate(self.case["events"], start=1):
            seen = self.happen(event)
            afterwards()
            expected = {key: event[key] for key in ("sees", "from", "reason", "logged_in") if key in event}
            if event.get("reason") in seen.get("reasons", ()):  # of several: the author of a story is no rule's matter
                seen["reason"] = event["reason"]
            if (got := {key: seen.get(key) for key in expected}) != expected:
                wrong.append(f"{self.case['case']}, event {number}, {event['do']}: expected {expected}, got {got}")
        return wrong

    def happen(self, event):
        self.dice, self.die = list(event.get("dice", [])), event.get("die", self.case.get("die"))
        verb, _, node = event["do"].partition("-")
        if verb == "wait":
            later = pinned_router.now() + pinned_router.SECONDS + 0.1
            self.monkeypatch.setattr(pinned_router, "now", lambda: later)
            return {}
        if verb == "desk":
            self.save_something_else()
            return self.world(verb, node) or {}
        if verb == "retype":
            Story.objects.using("default").filter(slug=self.slug).update(headline=HEADLINES[self.saves])
            return {}
        if verb not in ("login", "save", "publish", "story", "admin", "reader"):
            return self.world(verb, node) or {}
        if event.get("sees") == "nothing":
            return self.world("hangs", lambda: self.request(verb))
        return self.request(verb)

    def save_something_else(self):
        """Another editor's save, which has nothing to do with the story."""
        number = Section.objects.using("default").count()
        Section.objects.create(name=f"Desk {number}", slug=f"desk-{number}")

    def request(self, verb):
        if verb == "login":
            answer = self.editor.post("/admin/login/", {"username": self.user.username, "password": PASSWORD})
            return {"sees": "logged in" if answer.status_code == 302 else answer.status_code}
        if verb in ("save", "publish"):
            self.saves += 1
            self.slug = "new" if verb == "publish" else self.slug
            form = {"headline": HEADLINES[self.saves]}
            return what_it_shows(self.editor.post(f"/admin/stories/{self.slug}/save/", form))
        client = self.reader if verb == "reader" else self.editor
        return what_it_shows(client.get(f"{'/admin' if verb == 'admin' else ''}/stories/{self.slug}/"))


def what_it_shows(answer):
    if answer.status_code == 302:
        return {"sees": "login" if "/login/" in answer.headers["Location"] else answer.headers["Location"]}
    if answer.status_code != 200:
        return {"sees": str(answer.status_code)}
    if answer.content == b"saved":
        return {"sees": "saved"}
    page = answer.json()
    alias = page["alias"]
    timings = answer.headers["Server-Timing"].split(", ")
    return {
        "sees": page["headline"],
        "from": "primary" if alias == "default" else alias,
        "reasons": {timing.split('"')[1] for timing in timings if timing.startswith(f"{alias};")},
        "logged_in": page["logged_in"],
    }
