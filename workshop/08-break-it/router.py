"""WRONG ON PURPOSE: chapter 3's solution, which trusts every server to be there. Leave it; survive.py changes."""

import random

from django_middleware_global_request import get_request

PINNED = {"sessions", "auth", "contenttypes", "admin"}  # what a login depends on


class Router:
    def db_for_read(self, model, **hints):
        request = get_request()
        if request is None or model._meta.app_label in PINNED:
            return "default"
        if request.path_info == "/admin" or request.path_info.startswith("/admin/"):
            return "default"
        if not hasattr(request, "replica"):  # one for the whole request
            request.replica = random.choice(["replica1", "replica2"])
        return request.replica

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True
