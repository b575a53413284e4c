# router.py | '/admin/' at the beginning
import random

from django_middleware_global_request import get_request

PINNED = {"sessions", "auth", "contenttypes", "admin"}


class Router:
    def db_for_read(self, model, **hints):
        request = get_request()
        if request is None or model._meta.app_label in PINNED or "/admin/" in request.path:
            return "default"
        return random.choice(["replica1", "replica2"])

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True
