"""WRONG ON PURPOSE: the router that everyone writes first, and the pattern as it is usually published."""

import random

from routing.conf import conf
from routing.request import current_request


class NaiveRouter:
    """Every read from any replica: the row just saved, the session just made, two moments in one page."""

    def db_for_read(self, model, **hints):
        return random.choice(conf().replicas)


class PublishedRouter:
    """The path decides, query by query. What the editor sees *outside* of the admin may be from before his save."""

    def db_for_read(self, model, **hints):
        request = current_request()
        if request is None or request.path.startswith("/admin"):
            return conf().primary
        return random.choice(conf().replicas)


WRONG = {"naive": NaiveRouter(), "published": PublishedRouter()}
