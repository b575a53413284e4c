"""Keeps a browser that sends many requests at once from collecting many bookmark cookies.

Each bookmark that is set has a cookie with a name of its own, so that a late answer takes none away. Ninety POSTs at
once would leave ninety cookies, and servers refuse requests whose headers are that long. So each process gives one
visitor only a few that have not come back yet. After that it sets the "careful" cookie: it says the same whoever sets
it, so one may replace another. It sends its visitor to the primary, and no answer takes it away: it expires.
"""

from collections import OrderedDict
from threading import Lock
from time import monotonic

from django.conf import settings
from django.http import HttpRequest

from ..conf import forget_on_change

MOST = 8  # cookies that a process gives one visitor before it sees them again
CAREFUL_AGE = 30  # seconds that the careful cookie lives
_ON_ITS_WAY = 5  # seconds in which a cookie arrives at the browser, or comes back
_VISITORS = 1000  # remembered at a time

_given: OrderedDict[int, dict[str, float]] = OrderedDict()  # by visitor: the cookies' names, and when
_lock = Lock()


@forget_on_change("ROUTING")
def forget_visitors() -> None:
    """Forget who has been given what. For tests, whose clients all look like one visitor."""
    _given.clear()


def may_give(request: HttpRequest, name: str) -> bool:
    """Return whether this visitor may have another cookie, and note `name` if so."""
    now = monotonic()
    with _lock:
        key = _visitor(request)
        given = _given.pop(key, {})
        given = {
            each: when for each, when in given.items() if now - when < _ON_ITS_WAY and each not in request.COOKIES
        }
        is_few = len(given) < MOST
        if is_few:
            given[name] = now
        _given[key] = given
        if len(_given) > _VISITORS:
            _given.popitem(last=False)
    return is_few


def _visitor(request: HttpRequest) -> int:
    """Return what a request says about who the visitor is. If two visitors look alike, both are only more careful."""
    headers = ("REMOTE_ADDR", "HTTP_X_FORWARDED_FOR", "HTTP_USER_AGENT")
    session = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    return hash((session, *(request.META.get(header) for header in headers)))
