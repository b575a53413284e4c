"""WRONG ON PURPOSE: the pattern as it is usually published, to show which tests it fails."""

import random

from routing.request import current_request


class PublishedRouter:
    def db_for_read(self, model, **hints):
        request = current_request()
        if request and not request.path.startswith("/admin"):
            return random.choice(["replica1", "replica2"])
        return "default"

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True
