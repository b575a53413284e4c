"""The line under each page, of the paper and of the admin: read from where, how far behind, and why.

It says when the page was read, and what it says is never from an earlier visit: a browser that shows the page gets
it whole, not a 304 for what it has kept. Programs are told 304 as in production: the line is added above
ConditionalGetMiddleware, so that a page's ETag is that of the page without it.

It costs the primary nothing, and the page's own replica one statement.
"""

from collections import Counter

from django.db import DatabaseError, InterfaceError, connections
from django.template.loader import render_to_string
from django.urls import get_resolver
from django.utils import timezone

from routing.conf import conf
from routing.decision import current_decision
from routing.observing.layer import record_of

from . import lag

END = b"</body>"
# Reasons that say nothing about the page itself: who is logged in, and has the replica replayed the bookmark?
LOGIN, POSITION = "pinned model", "asked for its position"


def add_line(request, response):
    """Add the line, if `response` is a page of the paper or of the admin."""
    if not _is_page(request, response):
        return response
    page, end, rest = response.content.rpartition(END)
    if end:
        response.content = (
            page
            + render_to_string("racelab/line.html", describe(current_decision(), _is_of_the_admin(request))).encode()
            + end
            + rest
        )
        if "Content-Length" in response.headers:
            response.headers["Content-Length"] = str(len(response.content))
    return response


def forget_what_was_kept(request, view):
    """Let a browser have a page of the paper whole: the line of the page that it has kept is an old one."""
    if view.__module__.startswith("publicsite.views") and "text/html" in request.headers.get("Accept", ""):
        for name in ("HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"):
            request.META.pop(name, None)


def _is_page(request, response):
    return (
        not response.streaming
        and response.status_code not in (304, 204)
        and response.headers.get("Content-Type", "").startswith("text/html")
        and request.path_info != "/race/"  # a document of its own
        and (_is_of_the_admin(request) or _view(request, response).__module__.startswith("publicsite."))
    )


def _is_of_the_admin(request):
    return bool(request.resolver_match) and request.resolver_match.app_name == "admin"


def _view(request, response):
    """Return what made the page: the view, or for an address that leads nowhere, what answers such."""
    if request.resolver_match:
        return request.resolver_match.func
    return get_resolver().resolve_error_handler(404) if response.status_code == 404 else type(response)


def describe(decision, in_admin=False):
    """Return what the line says."""
    statements = [_named(each) for each in (record_of(decision).statements or [])] if decision else []
    shown = [each for each in statements if each.reason not in (LOGIN, POSITION)] or statements
    alias, reason = Counter((each.alias, each.reason) for each in shown).most_common(1)[0][0] if shown else ("", "")
    return {
        "alias": alias,
        "reason": reason,
        "behind": _behind(alias) if alias in conf().replicas else "",
        "statements": statements,
        "nodes": [conf().primary, *conf().replicas],
        "used": {each.alias for each in shown},
        "read_at": timezone.now(),
        "in_admin": in_admin,
    }


def _named(statement):
    """Tell routing's own question, for a visitor with a bookmark, from the page's queries."""
    asks = "pg_last_wal_replay_lsn" in statement.sql
    return statement._replace(sql=_shortened(statement.sql), reason=POSITION if asks else statement.reason)


def _shortened(sql):
    """Return a statement without its list of columns, in which nobody is interested."""
    start, middle, end = " ".join(sql.split()).partition(" FROM ")
    return f"SELECT … FROM {end}"[:300] if middle and start.startswith("SELECT") else start[:300]


def _behind(alias):
    try:
        told = lag.ask(connections[alias])
    except (DatabaseError, InterfaceError):
        return "lag not known"
    return str(lag.measure(told)) if told.is_replica else "a primary by now"
