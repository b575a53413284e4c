"""Plays a history of several visitors, and checks what each of them is shown.

What must hold, as sets of names, for nothing is ever deleted:
- a page shows everything that its browser wrote;
- a page shows everything that a browser was shown, while it held a bookmark or before it last wrote;
- a request that is not a mere page (a POST, the admin) sees everything that is committed;
- who is logged in stays so.
"""

import itertools
import random

from django.test import Client
from hypothesis import strategies as st

from routing.bookmarks.burst import forget_visitors
from routing.wal import fetch_replayed, forget_servers
from tests.support.factories import PASSWORD

from .history_urls import meanwhile

_runs = itertools.count()

ACTIONS = {
    **dict.fromkeys(["read", "read_while", "add", "add_and_read", "look_in_admin", "log_in"], ["ann", "bob"]),
    **dict.fromkeys(["pause", "resume", "probe"], ["replica2", "replica1"]),
    **dict.fromkeys(["write", "catch_up"], None),
}


def histories(actions, crowd=2):
    """Histories of these actions, by so many visitors, on so many replicas that stop and go on.

    A seed comes along, for the router's own choices among replicas.
    """
    steps = [(action, *([who] if who else [])) for action in actions for who in (ACTIONS[action] or [None])[:crowd]]
    return st.tuples(st.integers(0, 1000), st.lists(st.sampled_from(steps), min_size=12, max_size=24))


class Violation(AssertionError):
    """A visitor was shown what must not be."""


def play(history, servers, everyone=False):
    """Play a history from its beginning. Raises Violation."""
    seed, steps = history
    random.seed(seed)
    run = f"run-{next(_runs)}-"
    stage = _Stage(run, servers, everyone)
    forget_visitors()  # of the history before
    try:
        for action, *arguments in steps:
            getattr(stage, action)(*arguments)
    finally:
        meanwhile.clear()
        servers.resume_all()


class _Visitor:
    def __init__(self, name):
        self.name = name
        self.client = Client()
        self.must_see = set()
        self.has_seen = set()  # too, but without a bookmark: until it writes, nothing is promised of it
        self.is_logged_in = False

    @property
    def has_bookmark(self):
        return any(name.startswith("routing_bookmark") and each.value for name, each in self.client.cookies.items())


class _Stage:
    def __init__(self, run, servers, everyone):
        self.run = run
        self.servers = servers
        self.everyone = everyone
        self.visitors = {name: _Visitor(name) for name in ("ann", "bob")}
        self.committed = set()

    # --- What others do

    def write(self):
        self.servers.commit(self._new_name())

    def catch_up(self):
        self.servers.catch_up()

    def pause(self, replica):
        """A replica stands still, with all that there is by now."""
        self.servers.resume(replica)
        self.servers.catch_up()
        self.servers.pause(replica)

    def resume(self, replica):
        self.servers.resume(replica)

    def probe(self, replica):
        """What the watcher in the background does."""
        fetch_replayed(replica)

    # --- What visitors do

    def read(self, name, path="/read/", everything=False):
        visitor = self.visitors[name]
        if random.random() < 0.5:  # another process serves this page, and knows nothing of the replicas
            forget_servers()
        kept = visitor.has_bookmark or self.everyone
        page = visitor.client.get(path, {"run": self.run}).json()
        self._check(visitor, page, self.committed if everything else visitor.must_see)
        visitor.has_seen.update(page["names"])
        if kept:
            visitor.must_see.update(page["names"])

    def read_while(self, name):
        """Somebody writes, and replicas catch up, between the page's choice of a database and its query."""
        meanwhile.extend([self.catch_up, self.write])
        self.read(name)

    def look_in_admin(self, name):
        self.read(name, "/admin/read/", everything=True)

    def add(self, name):
        self._add(name, "post", "/add/", {*self.committed})

    def add_and_read(self, name):
        self._add(name, "get", "/add-and-read/", None)

    def _add(self, name, method, path, expected):
        visitor = self.visitors[name]
        new = self._new_name()
        page = getattr(visitor.client, method)(path, query_params={"run": self.run, "name": new}).json()
        self._check(visitor, page, {*visitor.must_see, new} if expected is None else expected)
        visitor.must_see |= {*page["names"], *visitor.has_seen, new}

    def log_in(self, name):
        visitor = self.visitors[name]
        visitor.client.post("/admin/login/", {"username": name, "password": PASSWORD})
        visitor.is_logged_in = True
        visitor.must_see |= visitor.has_seen

    def _new_name(self):
        name = f"{self.run}{len(self.committed)}"
        self.committed.add(name)
        return name

    def _check(self, visitor, page, expected):
        if missing := {*expected} - {*page["names"]}:
            raise Violation(f"{visitor.name} is not shown {sorted(missing)}")
        if visitor.is_logged_in and page["visitor"] != visitor.name:
            raise Violation(f"{visitor.name} is logged out")
