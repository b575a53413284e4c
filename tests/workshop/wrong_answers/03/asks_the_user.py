# router.py | Decide by the request's path alone
import random

from django_middleware_global_request import get_request


class Router:
    def db_for_read(self, model, **hints):
        request = get_request()
        if request is None or request.user.is_authenticated:
            return "default"
        if not hasattr(request, "replica"):
            request.replica = random.choice(["replica1", "replica2"])
        return request.replica

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True
