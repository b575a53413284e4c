# router.py | ends without a return
import random

from django_middleware_global_request import get_request


class Router:
    def db_for_read(self, model, **hints):
        request = get_request()
        if request is None or request.path.startswith("/admin"):
            return "default"
        random.choice(["replica1", "replica2"])

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True
