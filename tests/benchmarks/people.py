"""Editors who save and read what they saved, readers who only read, over HTTP; and what became of their pages."""

import http.client
import json
import re
import time
from collections import Counter
from dataclasses import dataclass, field, fields

from tests.guarantees.browser import Browser
from tests.support.backoffice_admin import address, story_form
from tests.support.factories import PASSWORD

from .sizes import size

TIMEOUT = size(2, 5)  # seconds, after which a page counts as failed
_ON_PAGE = re.compile("<h1>Version ([0-9]+)</h1>")
_IN_FORM = re.compile('name="headline" value="Version ([0-9]+)"')


@dataclass
class Figures:
    saves: list = field(default_factory=list)  # seconds of each
    admin_reads: int = 0  # of what was just saved
    admin_stale: int = 0
    public_reads: int = 0
    public_stale: int = 0
    logins: int = 0
    lost: int = 0
    failed: list = field(default_factory=list)
    pages: int = 0  # public ones, of editors and readers
    mixed: int = 0  # made of reads from two replicas
    statements: Counter = field(default_factory=Counter)  # of anonymous readers' pages, by database
    a_story: list = field(default_factory=list)  # statements of each story's page, for an anonymous reader
    own_story: list = field(default_factory=list)  # … for the editor who has just saved it

    def __add__(self, other):
        return Figures(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def _statements(response):
    return Counter(json.loads(response.headers["X-Statements"]))


class Person(Browser):
    def __init__(self, port):
        super().__init__(port)
        self.connection.timeout = TIMEOUT
        self.figures = Figures()

    def page(self, path):
        """Get a public page: the response, or None if it failed. Notes how it was made."""
        self.figures.pages += 1
        response = self.ask(self.get, path)
        if response:
            self.figures.mixed += response.headers["X-Rows"].count("replica") > 1
        return response

    def ask(self, send, *arguments):
        try:
            response = send(*arguments)
        except (OSError, http.client.HTTPException) as error:
            self.close()
            self.figures.failed.append(type(error).__name__)
            return None
        if response.status >= 400:
            self.figures.failed.append(str(response.status))
            return None
        return response


class Reader(Person):
    """Anonymous."""

    def read(self, paths, count):
        for number in range(count):
            path = paths[number % len(paths)]
            if response := self.page(path):
                counts = _statements(response)
                self.figures.statements += counts
                if path != "/":  # the front page keeps a part of itself, until somebody saves
                    self.figures.a_story.append(counts.total())


class Editor(Person):
    """Saves one story; its headline is the number of its version."""

    SAVES_A_LOGIN = 5

    def __init__(self, port, user, story):
        super().__init__(port)
        self.username, self.story = user.username, story
        self.form, self.change = story_form(story), address("change", story.pk)
        self.saved = 0

    def work(self, saves, lag):
        for number in range(saves):
            if number % self.SAVES_A_LOGIN == 0:
                self.cookies.clear()
                self.log_in()
                self.check(self.ask(self.get, self.change), lag)
            if self.save(lag):
                self.look_at_form(lag)
                self.look_at_page(lag)
                self.look_at_page(lag)

    def log_in(self):
        self.figures.logins += 1
        self.ask(self.get, "/admin/login/")
        self.ask(self.post, "/admin/login/", {"username": self.username, "password": PASSWORD})

    def save(self, lag):
        start = time.perf_counter()
        response = self.ask(self.post, self.change, self.form | {"headline": f"Version {self.saved + 1}"})
        seconds = time.perf_counter() - start
        if not self.check(response, lag):
            return False
        self.figures.saves.append(seconds)
        self.saved += 1
        return True

    def look_at_form(self, lag):
        response = self.ask(self.get, self.change)
        if self.check(response, lag) and (shown := _IN_FORM.search(response.body)):
            self.figures.admin_reads += 1
            self.figures.admin_stale += int(shown[1]) < self.saved

    def look_at_page(self, lag):
        response = self.page(self.story.get_absolute_url())
        if response and (shown := _ON_PAGE.search(response.body)):
            self.figures.public_reads += 1
            self.figures.public_stale += int(shown[1]) < self.saved
            self.figures.own_story.append(_statements(response).total())
            if response.headers["X-Visitor"] != self.username:
                self.lost_login(lag)

    def check(self, response, lag):
        """Return whether an answer of the admin is no failure, and no question for the password."""
        if response and "/login/" in response.headers.get("Location", ""):
            self.lost_login(lag)
            return False
        return response is not None

    def lost_login(self, lag):
        """Log in again, and wait until the replicas must have it: else nothing would ever be saved."""
        self.figures.lost += 1
        self.cookies.clear()
        self.log_in()
        time.sleep(lag + 0.1)
