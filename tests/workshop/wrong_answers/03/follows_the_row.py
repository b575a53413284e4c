# router.py | roll the dice once for a request
import random

from django_middleware_global_request import get_request

PINNED = {"sessions", "auth", "contenttypes", "admin"}


class Router:
    def db_for_read(self, model, instance=None, **hints):
        request = get_request()
        if request is None or model._meta.app_label in PINNED:
            return "default"
        if request.path_info == "/admin" or request.path_info.startswith("/admin/"):
            return "default"
        return instance._state.db if instance else random.choice(["replica1", "replica2"])

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True
