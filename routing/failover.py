"""A page that failed because a database did is made again elsewhere; where it cannot be, the answer is an honest 503.

The whole page, so that it still shows one moment in time. Only by safe methods, after nothing was written and before
anything was sent, and twice at most: each time without the database that failed. Without the primary a visitor is
nobody: what the session's cookie says cannot be looked up, and it is left as it is.
"""

import logging
from typing import Any

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.http import HttpRequest, HttpResponse

from . import health
from .conf import conf
from .paths import is_primary_path
from .route import SAFE_METHODS, Route, current_route
from .signals import page_repeated
from .unavailable import Unavailable, unavailable

logger = logging.getLogger("routing")

REPEATS = 2
# A query that stood in the way of replay is cancelled (40001, or 40P01), and the connection lives on.
_CONFLICTS = {"40001", "40P01"}
# A connection that ended under a statement; the server may have said why: it was told to end it, or crashed.
_ENDED = {None, "57P01", "57P02"}
# What Django makes of a database that is gone: 400 if it was the session that could not be saved.
_SUSPICIOUS = {400, 500, 503}


def begin() -> None:
    """A request starts: forget the errors of connections that are no more, and leave a primary that was replaced."""
    for alias in connections:
        connection = connections[alias]  # connections.all() takes twice as long
        if (getattr(connection.connection, "timeline", None) or health.newest_timeline()) < health.newest_timeline():
            connection.close()
        if connection.connection is None:
            connection.errors_occurred = False


def is_lost(alias: str) -> bool:
    """Return whether this thread's connection to `alias` broke, or could not be made. Django keeps the record."""
    connection = connections[alias]
    return connection.errors_occurred and (
        connection.connection is None or bool(getattr(connection.connection, "closed", False))
    )


def _failed(route: Route, exception: BaseException | None = None) -> str | None:
    """Return the alias of the database that failed this request, or None."""
    replica, primary = route.replica_used, conf().primary
    for alias in (replica, primary):
        if alias and is_lost(alias):
            return alias
    code = getattr(getattr(exception, "__cause__", None), "pgcode", "none")
    if replica and code in _CONFLICTS:
        return replica if connections[replica].errors_occurred else None
    # At its end, atomic() has connected again, and Django's record is gone. Of any other's loss there is one.
    if code in _ENDED and isinstance(exception, OperationalError | InterfaceError):
        is_known = any(is_lost(each.alias) for each in connections.all(initialized_only=True))
        return primary if not is_known and any(alias == primary for alias, _ in route.timings) else None
    return None


def process_exception(request: HttpRequest, exception: Exception) -> HttpResponse | None:
    """Answer an exception of the view, if a database is to blame: such an answer is not logged as an error."""
    route = current_route()
    if isinstance(exception, Unavailable):
        return unavailable(request, exception)
    if route and (alias := _failed(route, exception)):
        route.failed = alias
        return HttpResponse(status=503)
    return None


def must_repeat(request: Any, response: HttpResponse) -> bool:
    """Return whether the page is to be made again, and prepare that."""
    route = current_route()
    if response.status_code not in _SUSPICIOUS or route is None:
        return False
    alias = route.failed = route.failed or _failed(route)
    if alias is None:
        return False
    if alias in conf().replicas and is_lost(alias):
        health.suspect(alias)
    connections[alias].close()
    is_only_read = request.method in SAFE_METHODS and not route.wrote and not is_primary_path(request.path_info)
    if not is_only_read or route.attempt > REPEATS or connections[conf().primary].in_atomic_block:
        return False
    request.route = again = Route(request)
    again.attempt = route.attempt + 1
    again.excluded = route.excluded | {alias}
    page_repeated.send(Route, alias=alias)
    for each in (conf().primary, *conf().replicas):
        connections[each].close()  # what ended one of this thread's connections may have ended the others
    if alias == conf().primary:
        request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
    return True


def honest(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the response; in place of one that failed because a database did, a 503 that says so."""
    route = current_route()
    if response.status_code not in _SUSPICIOUS or route is None or route.failed is None:
        return response
    what = "primary" if route.failed == conf().primary else "replica"
    return unavailable(request, Unavailable(f"The {what} database cannot be reached."))
