# router.py | The user is in the app 'auth'
import random

from django_middleware_global_request import get_request


class Router:
    def db_for_read(self, model, **hints):
        request = get_request()
        if request is None or model._meta.app_label == "sessions":
            return "default"
        if request.path_info == "/admin" or request.path_info.startswith("/admin/"):
            return "default"
        if not hasattr(request, "replica"):
            request.replica = random.choice(["replica1", "replica2"])
        return request.replica

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True
