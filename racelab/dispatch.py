"""Lets the lab's own requests, and no others, be served by a router that is wrong on purpose.

The runner signs the router's name with the site's secret key, in a header. Everybody else's queries fall through to
the next router in DATABASE_ROUTERS.
"""

from django.core import signing

from routing.conf import conf
from routing.decision import current_decision
from routing.request import current_request

from .routers import WRONG

HEADER = "X-Race-Router"
MAX_AGE = 60  # seconds that a header is good for: no longer than a request of the race
OURS = "ours"
ROUTERS = (*WRONG, OURS)
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


def _wrong_router():
    """Return the name of the wrong router that serves the request in scope, or None."""
    name = getattr(current_request(), "race_router", None)
    return name if name in WRONG else None


class LabRouter:
    """Django's router method for reads. No opinion but for requests of the race."""

    def db_for_read(self, model, **hints):
        if name := _wrong_router():
            return current_decision().because(WRONG[name].db_for_read(model, **hints), f"{name} router")
        return None


def forget_origin(*, instance, **kwargs):
    """Receive pre_save and pre_delete: who has a wrong router has no guard against stale rows either."""
    if _wrong_router() and instance._state.db in conf().replicas:
        instance._state.db = conf().primary
