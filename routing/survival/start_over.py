"""Makes a page again on another database if its own failed it. If that isn't possible, the answer is a 503.

The whole page is made again, so that it still shows one moment. That happens at most twice, only for safe methods that
have written nothing, before anything is sent, and each time without the database that failed. Without the primary a
visitor is anonymous: the session can't be looked up, and its cookie is left alone.
"""

from django.conf import settings
from django.db import InterfaceError, OperationalError, connections
from django.http import HttpResponse

from ..conf import conf as routing
from ..conf import ours
from ..decision import Decision
from ..driver import is_lost, sqlstate
from ..layer import tell
from ..wal import newest_position
from .primary import is_replaced
from .unavailable import Unavailable, unavailable
from .watchers import look_soon

REPEATS = 2
# A query that stood in the way of replay is cancelled (40001, or 40P01), and the connection lives on.
_CONFLICTS = {"40001", "40P01"}
# A connection that ended under a statement; the server may have said why: it was told to end it, or crashed.
_ENDED = {None, "57P01", "57P02"}
# What Django makes of a database that is gone: 400 if it was the session that could not be saved.
_SUSPICIOUS = {400, 500, 503}


def leave_broken_connections() -> None:
    """Forget the errors of connections that are gone, and close one to a primary that was replaced."""
    for alias in connections:
        connection = connections[alias]  # connections.all() takes twice as long
        if connection.connection is None:
            connection.errors_occurred = False
        elif alias == routing().primary and newest_position().timeline and is_replaced(connection.connection):
            connection.close()
            connection.errors_occurred = False


def _find_failed(decision: Decision, exception: BaseException | None = None) -> str | None:
    """Return the alias of the database that failed this request, or None."""
    replica, primary = decision.replica, routing().primary
    for alias in (replica, primary):
        if alias and is_lost(alias):
            return alias
    try:
        code = sqlstate(exception and exception.__cause__)
    except LookupError:
        return None
    if replica and code in _CONFLICTS:
        return replica if connections[replica].errors_occurred else None
    # At its end, atomic() has connected again, and Django's record is gone. Of any other's loss there is one.
    if code in _ENDED and isinstance(exception, OperationalError | InterfaceError):
        is_known = any(is_lost(each.alias) for each in connections.all(initialized_only=True))
        return primary if not is_known and decision.used_primary else None
    return None


def answer_exception(decision: Decision, exception: Exception) -> HttpResponse | None:
    """Answer a view's exception if a database caused it. Django then doesn't log it as an error."""
    if isinstance(exception, Unavailable):
        return unavailable(decision.request, exception)
    if alias := _find_failed(decision, exception):
        decision.failed = alias
        return HttpResponse(status=503)
    return None


def start_over(decision: Decision, response: HttpResponse) -> Decision | None:
    """Return the decision for the page's next attempt, or None if it must not be made again."""
    is_suspicious = response.status_code in _SUSPICIOUS
    if not (is_suspicious or decision.had_trouble):
        return None
    alias = decision.failed or _find_failed(decision)
    if alias is None:
        return None
    if is_suspicious:  # a view that answered all the same has not failed, and what it wrote has its bookmark
        decision.failed = alias
    if alias in routing().replicas and is_lost(alias):
        look_soon(alias)
    connections[alias].close()
    if not _is_only_read(decision) or decision.attempt > REPEATS:
        return None
    tell("page repeated", alias=alias)
    for each in ours():
        connections[each].close()  # what ended one of this thread's connections may have ended the others
    if alias == routing().primary:
        decision.request.COOKIES.pop(settings.SESSION_COOKIE_NAME, None)
    return decision.again(without=alias)


def _is_only_read(decision: Decision) -> bool:
    return decision.is_readers_page() and not decision.wrote and not connections[routing().primary].in_atomic_block


def replace_by_503(decision: Decision, response: HttpResponse) -> HttpResponse:
    """Return the response, or a 503 in its place if it failed because a database did."""
    if response.status_code not in _SUSPICIOUS or decision.failed is None:
        return response
    what = "primary" if decision.failed == routing().primary else "replica"
    return unavailable(decision.request, Unavailable(f"The {what} database cannot be reached."))
