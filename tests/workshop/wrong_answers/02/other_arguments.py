# router.py | The request comes from get_request()
import random


class Router:
    def db_for_read(self, request):
        if request is None or request.path.startswith("/admin"):
            return "default"
        return random.choice(["replica1", "replica2"])

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True
