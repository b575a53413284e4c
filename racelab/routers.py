"""WRONG ON PURPOSE: the routers that people write first, the pattern as usually published, and guesses at the lag."""

import random

from routing.conf import conf
from routing.request import current_request

PIN = "race_pin"  # a cookie, which ends when the pin does


class NaiveRouter:
    """Every read from any replica: the row just saved, the session just made, two moments in one page."""

    seconds = 0  # that a visitor who has just written is pinned to the primary
    waits = False  # does a save wait until the replicas have it?

    def db_for_read(self, model, **hints):
        return random.choice(conf().replicas)


class PublishedRouter(NaiveRouter):
    """The path decides, query by query. What the editor sees *outside* of the admin may be from before his save."""

    def db_for_read(self, model, **hints):
        request = current_request()
        if request is None or request.path.startswith("/admin"):
            return conf().primary
        return super().db_for_read(model, **hints)


class PinnedRouter(NaiveRouter):
    """Who has written reads from the primary for some seconds: a guess at how late a replica will ever be."""

    def __init__(self, seconds):
        self.seconds = seconds

    def db_for_read(self, model, **hints):
        request = current_request()
        if request is not None and (request.method == "POST" or PIN in request.COOKIES):
            return conf().primary
        return super().db_for_read(model, **hints)


class WaitingRouter(NaiveRouter):
    """Reads from any replica, and a save is answered when every replica has it, as remote_apply lets it be."""

    waits = True


WRONG = {
    "naive": NaiveRouter(),
    "published": PublishedRouter(),
    "pinned": PinnedRouter(2),
    "multidb": PinnedRouter(15),
    "waiting": WaitingRouter(),
}
