"""Writers: each saves a story of her own in the admin, and reads it on the public site, in one browser."""

import re
import time

from tests.faults.under_load.history import Visit
from tests.faults.under_load.readers import Editor

_SECTION = re.compile(r'<select name="section".*?<option value="(\d+)"', re.DOTALL)
_VERSION = re.compile(r"<h1>Version (\d+) ")


class Writer(Editor):
    """`visits` is her history (history.py), `attempts` are all her saves, `pages` those of the public site."""

    def __init__(self, port, name, pause=0.05):
        super().__init__(port, name, pause)
        self.visits, self.attempts, self.lost_logins = [], [], 0
        self.neighbour = self
        _, page, _ = self.form("GET", "/admin/backoffice/story/add/")
        self.story = {
            "slug": name,
            "body": "Again.",
            "section": _SECTION.search(page)[1],
            "status": "published",
            "published_at_0": "2026-01-01",
            "published_at_1": "00:00:00",
            "corrections-TOTAL_FORMS": 0,
            "corrections-INITIAL_FORMS": 0,
        }
        answer = {"headline": self.headline, "_continue": 1}
        response, page, _ = self.form("POST", "/admin/backoffice/story/add/", **self.story, **answer)
        assert response.status == 302, page
        self.address = response.headers["Location"]

    @property
    def headline(self):
        """The same text stands in the admin's log, in the same transaction: nothing replaces it there."""
        return self.headline_of(self.number)

    def headline_of(self, number):
        return f"Version {number} of {self.label}"

    def once(self):
        if "sessionid" not in self.cookies:
            self.log_in()
        self.save()
        for writer in (self, self, self.neighbour, self):
            self.read(writer.label)
        self.is_over.wait(self.pause)

    def save(self):
        self.number += 1
        response, _, page = self.form("POST", self.address, **self.story, headline=self.headline)
        self.attempts.append(page)
        if page.status != 302:
            return
        if "/login/" in response.headers["Location"]:
            self.lose_login()
            return
        self.acknowledged.append(self.headline)
        self.visits.append(Visit(self.label, self.number, page.began, time.monotonic(), is_save=True))

    def read(self, story):
        has_bookmark = any(name.startswith("routing_bookmark") for name in self.cookies)
        response, text, page = self.form("GET", f"/stories/{story}/")
        self.pages.append(page)
        if not page.is_good:
            return
        if "sessionid" not in self.cookies:
            self.lose_login()
        is_logged_in = response.headers.get("X-Visitor") != ""  # a site that does not say so says nothing
        version = int(_VERSION.search(text)[1])
        ended = time.monotonic()
        self.visits.append(Visit(story, version, page.began, ended, False, has_bookmark, is_logged_in))

    def lose_login(self):
        """A cookie that was taken away, or a way that leads to the login."""
        self.lost_logins += 1
        self.cookies.pop("sessionid", None)


def writers(port, count, name="writer"):
    """So many of them, each beside the next one's story."""
    crowd = [Writer(port, f"{name}{number}") for number in range(count)]
    for one, other in zip(crowd, [*crowd[1:], crowd[0]], strict=True):
        one.neighbour = other
    return crowd
