"""Logins, logouts, changed passwords and public pages, while replay is paused.

No cookie is deleted or replaced but by who means it, no row is left after a logout, and a cookie that was logged out
opens nothing. Without pinned models, and with the published router, it is otherwise.
"""

import random
from collections import Counter
from itertools import cycle, islice, product

import pytest
from django.contrib.sessions.models import Session
from django.db import ConnectionRouter, connections, router
from django.test import Client

from tests.support.factories import PASSWORD, SuperuserFactory

from .servers import kept_connections

pytestmark = [
    pytest.mark.urls("tests.support.routing_urls"),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]


class Person:
    """One browser of one user. Counts what must not happen."""

    def __init__(self, user, wrong):
        self.user = user
        self.password = PASSWORD
        self.browser = Client()
        self.wrong = wrong

    @property
    def cookie(self):
        return getattr(self.browser.cookies.get("sessionid"), "value", "")

    def log_in(self):
        before = self.cookie
        self.browser.post("/admin/login/", {"username": self.user.username, "password": self.password})
        self.wrong["no new session at login"] += self.cookie in ("", before)
        self.look()

    def look(self):
        """Pages of the public site, and one of the admin."""
        before = self.cookie
        for path, answer in {"/reads/": b"True", "/admin/password_change/": b"Password change"}.items():
            self.wrong["login lost"] += answer not in self.browser.get(path).content
            self.wrong["cookie deleted or replaced"] += self.cookie != before

    def change_password(self):
        new = f"a-Password-{random.getrandbits(32)}"
        form = {"old_password": self.password, "new_password1": new, "new_password2": new}
        response = self.browser.post("/admin/password_change/", form)
        if response.status_code == 302 and "done" in response.url:
            self.password = new
        else:
            self.wrong["password change refused"] += 1

    def leave(self):
        """Log out on a public page."""
        self.log_out(lambda: self.browser.get("/leave/"))

    def log_out(self, how=None):
        old = self.cookie
        how() if how else self.browser.post("/admin/logout/")
        self.wrong["cookie left after logout"] += bool(self.cookie)
        self.wrong["row left after logout"] += Session.objects.filter(session_key=old).exists()
        self.try_cookie(old)

    def try_cookie(self, old):
        """Whoever kept the cookie tries it."""
        thief = Client()
        thief.cookies["sessionid"] = old
        self.wrong["logged-out cookie accepted"] += thief.get("/reads/").content == b"True"
        thief.cookies["sessionid"] = old
        self.wrong["logged-out cookie accepted"] += thief.get("/admin/").status_code == 200


# When replay stops, two steps, and the end.
FLOWS = [
    *product(
        ["before the login", "after the login"],
        [Person.look, Person.change_password],
        [Person.look, Person.change_password],
        [Person.leave, Person.log_out],
    )
]


def flow(user, wrong, servers, stop, *steps):
    person = Person(user, wrong)
    servers.catch_up()
    if stop == "before the login":
        servers.pause_all()
    person.log_in()
    if stop == "after the login":
        servers.catch_up()
        servers.pause_all()
    for step in steps:
        step(person)
    user.save()  # the old password again
    servers.resume_all()


def published(monkeypatch):
    monkeypatch.setattr(
        router, "routers", ConnectionRouter(["tests.support.published_router.PublishedRouter"]).routers
    )


def without_pinned_models(monkeypatch):
    """… and without bookmarks, which would send these visitors to the primary."""
    monkeypatch.setattr("routing.router.is_pinned", lambda model: False)
    monkeypatch.setattr("routing.bookmarks.cookie._set", lambda *arguments: None)


ROUTERS = {"ours": lambda monkeypatch: None, "published": published, "ours, nothing pinned": without_pinned_models}


@pytest.mark.parametrize("name", ROUTERS)
def test_logins_outlive_replicas_that_stand_still(name, monkeypatch, settings, cluster, size, report):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ROUTING = settings.ROUTING | {"BOOKMARK_WAIT": 1}
    if name != "ours":
        settings.ROUTING |= {"PUBLIC_WRITES": "allow", "STALE_SAVES": "allow"}
    ROUTERS[name](monkeypatch)
    user = SuperuserFactory(username="editor")
    flows = size(16, 1000) if name == "ours" else size(16, 96)
    wrong = Counter()
    with kept_connections(cluster, connections["default"].settings_dict["NAME"]) as servers:
        for each in islice(cycle(FLOWS), flows):
            flow(user, wrong, servers, *each)
    report("Sessions, with replay paused", router=name, flows=flows, **wrong)
    if name == "ours":
        assert not +wrong
    else:
        assert wrong["login lost"]
        assert wrong["cookie deleted or replaced"]
        assert wrong["logged-out cookie accepted"]
