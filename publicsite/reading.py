"""What every page of the paper has in common: it is only read, copies are asked about, no statement is slow."""

from functools import wraps

from django.db import OperationalError, connections
from django.db.backends.postgresql.psycopg_any import is_psycopg3
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from routing.conf import conf
from routing.driver import sqlstate
from routing.survival.unavailable import Unavailable

# Milliseconds for a statement. On a replica the role `reader` has the same (cluster/roles.sql). On the primary pages
# are read as its owner, whose other statements may take as long as they need.
STATEMENT_TIMEOUT = 1500
_CANCELLED = "57014"
# Browsers and caches keep a copy, and ask about it each time: an editor who reloads must see their save.
# ConditionalGetMiddleware answers 304 if nothing has changed. No page looks at the session, so none varies by cookie.
_revalidate = cache_control(public=True, no_cache=True)


def for_readers(view):
    """Return `view` for GET and HEAD only, with what browsers may keep, and with a limit on the primary as well.

    Last-Modified goes: no time of ours covers all that a page shows, such as an author's new name. The ETag does.
    """

    @wraps(view)
    def limited(request, *args, **kwargs):
        with connections[conf().primary].execute_wrapper(_limit):
            response = view(request, *args, **kwargs)
        response.headers.pop("Last-Modified", None)
        return response

    return require_safe(_revalidate(limited))


def _limit(execute, sql, params, many, context):
    """One message to the server: no round trip more, and behind PgBouncer nothing is left on the connection."""
    try:
        result = execute(f"SET LOCAL statement_timeout = {STATEMENT_TIMEOUT}; {sql}", params, many, context)
    except OperationalError as error:
        if sqlstate(error.__cause__) != _CANCELLED:
            raise
        raise Unavailable("This page takes too long to make.") from error
    if is_psycopg3:
        context["cursor"].nextset()  # psycopg 3 has a result for each of the two
    return result
