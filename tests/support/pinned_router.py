"""WRONG ON PURPOSE: whoever wrote reads the primary for two seconds, as several packages have it."""

import random
import time

from routing.request import current_request

SECONDS = 2
COOKIE = "pinned_until"


class PinnedRouter:
    def db_for_read(self, model, **hints):
        request = current_request()
        return "default" if request and is_pinned(request) else random.choice(["replica1", "replica2"])

    def db_for_write(self, model, **hints):
        return "default"

    def allow_relation(self, one, other, **hints):
        return True


class PinnedMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.method == "POST":
            response.set_cookie(COOKIE, now() + SECONDS)
        return response


def is_pinned(request):
    return request.method == "POST" or float(request.COOKIES.get(COOKIE, 0)) > now()


def now():
    return time.time()
