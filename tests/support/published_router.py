"""WRONG ON PURPOSE: the pattern as it was published, line by line, to show which tests it fails and what it costs."""

import random

from django_middleware_global_request import get_request


class PublishedRouter:
    def db_for_read(self, model, **hints):
        request = get_request()
        if request:
            if request.path.startswith("/admin"):
                return "default"
            return random.choice(["replica1", "replica2"])
        return "default"

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True
