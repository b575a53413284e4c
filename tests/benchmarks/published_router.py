"""WRONG ON PURPOSE: the pattern as it was published, line by line. tests/published_router.py finds the request by our
own, slower function, which would flatter ours in a comparison of speed.
"""

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
