"""Lets the lab's own requests, and no others, be served by a router that is wrong on purpose, or by a learner's.

The runner signs the router's name with the site's secret key, in a header. Everybody else's queries fall through to
the next router in DATABASE_ROUTERS.
"""

from contextlib import suppress

from django.core import signing

from routing.bookmarks import ReplicasBehind, wait_for_replicas
from routing.conf import conf
from routing.decision import current_decision
from routing.request import current_request

from . import yours
from .routers import PIN, WRONG

HEADER = "X-Race-Router"
MAX_AGE = 60  # seconds that a header is good for: no longer than a request of the race
OURS, YOURS = "ours", "yours"
ROUTERS = (*WRONG, YOURS, OURS)
_LONGEST_WAIT = 15  # seconds that a save waits for replicas
_signer = signing.TimestampSigner(salt="racelab.router")


def sign(name):
    """Return the header's value for one of ROUTERS."""
    return _signer.sign(name)


def router_of(request):
    """Return which of ROUTERS a request of the race asks for; None for every other request."""
    try:
        name = _signer.unsign(request.headers.get(HEADER, ""), max_age=MAX_AGE)
    except signing.BadSignature:
        return None
    return name if name in ROUTERS else None


def _other_router():
    """Return the name of the router that serves the request in scope, if it is not ours, and that router."""
    name = getattr(current_request(), "race_router", None)
    if name == YOURS:
        return name, yours.router()
    return name, WRONG.get(name)


class LabRouter:
    """Django's router method for reads. No opinion but for requests of the race."""

    def db_for_read(self, model, **hints):
        name, router = _other_router()
        if router and (alias := router.db_for_read(model, **hints)):
            return current_decision().because(alias, f"{name} router")
        return None


def forget_origin(*, instance, **kwargs):
    """Receive pre_save: who has a wrong router has no guard against stale rows either."""
    if _other_router()[1] and instance._state.db in conf().replicas:
        instance._state.db = conf().primary


def after_a_save(request, response):
    """Do what a router of the race does with an answer to a POST: pin its visitor, or wait for the replicas."""
    router = WRONG.get(request.race_router)
    if router and request.method == "POST":
        if router.seconds:
            response.set_cookie(PIN, "1", max_age=router.seconds)
        if router.waits:
            with suppress(ReplicasBehind):  # remote_apply would wait for ever
                wait_for_replicas(timeout=_LONGEST_WAIT)
    return response
