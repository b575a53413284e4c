"""An editor at work: saves her story in the admin and reads the paper, in one browser. Counts what must not happen."""

import re
from dataclasses import dataclass, fields

from tests.support.backoffice_admin import address, story_form
from tests.support.factories import PASSWORD

from .browser import Browser

_VERSION = re.compile("<h1>Version ([0-9]+)</h1>")
_ON_THE_PRIMARY = re.compile('default;desc="(?!pinned model)')


@dataclass
class Figures:
    """Of one browser, or of several."""

    pairs: int = 0  # a save, and reads of what was saved
    reads: int = 0
    stale: int = 0  # a read that shows less than this browser saved
    back: int = 0  # … or less than this browser was shown before
    lost: int = 0  # a login that is gone
    failed: int = 0  # an answer that is no page
    from_replica: int = 0

    def __add__(self, other):
        return Figures(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


class Editor(Browser):
    """`story` is the one that she saves. A story's headline is the number of its version."""

    PAIRS_A_LOGIN = 10

    def __init__(self, port, user, story):
        super().__init__(port)
        self.username = user.username
        self.page = story.get_absolute_url()
        self.form = story_form(story)
        self.change = address("change", story.pk)
        self.saved = 0
        self.seen = {}  # the newest version, by page
        self.figures = Figures()

    def work(self, pairs, other_page):
        """Save and read, `pairs` times; read it again, and what a colleague keeps saving."""
        self.close()  # gunicorn closes connections that lie idle; the next request opens one
        for number in range(pairs):
            if number % self.PAIRS_A_LOGIN == 0:
                self.post("/admin/logout/", {})
                self.log_in()
                self.read(self.page)
            self.figures.pairs += 1
            if self.save():
                for page in (self.page, self.page, other_page):
                    self.read(page)

    def log_in(self):
        if "csrftoken" not in self.cookies:
            self.get("/admin/login/")
        response = self.post("/admin/login/", {"username": self.username, "password": PASSWORD})
        self.figures.failed += response.status != 302

    def save(self):
        """Return whether the save got through."""
        response = self.post(self.change, self.form | {"headline": f"Version {self.saved + 1}"})
        if response.status == 302 and "/login/" not in response.headers["Location"]:
            self.saved += 1
            return True
        if response.status == 302:
            self._lost_login()
        else:
            self.figures.failed += 1
        return False

    def read(self, page):
        response = self.get(page)
        shown = _VERSION.search(response.body)
        if not shown:
            self.figures.failed += 1
            return
        version = int(shown.group(1))
        self.figures.reads += 1
        self.figures.stale += page == self.page and version < self.saved
        self.figures.back += version < self.seen.get(page, 0)
        self.figures.from_replica += not _ON_THE_PRIMARY.search(response.headers["Server-Timing"])
        self.seen[page] = max(version, self.seen.get(page, 0))
        if response.headers["X-Visitor"] != self.username:
            self._lost_login()

    def _lost_login(self):
        self.figures.lost += 1
        self.log_in()
