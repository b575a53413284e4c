"""The bookmark's cookie: set after a write, moved forward with what is shown, taken away when all have caught up.

Requests of one browser overlap, and a late answer must not replace, or delete, what a quicker one has set. So each
cookie has its own name, and an answer deletes only those that its request brought. A request that brings
several has all of their bookmarks, and its answer makes one of them.
"""

import secrets
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError, connections
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

from ..conf import conf as routing
from ..decision import Decision
from ..in_tests import usable_replicas
from ..position import UNREACHABLE
from ..reasons import Reason
from ..wal import all_reached, fetch_flushed, fetch_replayed
from .bookmark import Bookmark, cookies, is_supported, unsign
from .burst import CAREFUL_AGE, may_give
from .conf import conf
from .visitor import Visitor


def update_cookie(decision: Decision, response: HttpResponse) -> None:
    """Bring the visitor's cookie up to date. At most one statement; none for a reader without a bookmark.

    Must run after the last COMMIT of the request, the session's included.
    """
    brought = cookies(decision.request)
    if not (decision.has_written() or brought or conf().monotonic_reads == "everyone") or not is_supported():
        return
    # In a TestCase nothing is committed. And without a replica, or in a test that doesn't name one, nothing is behind.
    if connections[routing().primary].in_atomic_block or not usable_replicas():
        return
    before = decision.note(Visitor).bookmark(decision.request)
    new = _moved_forward(decision, response, before)
    if new is None and before:
        return
    if new and not new.replica and all_reached(new.position):
        new = None
    if new and [unsign(text, conf().bookmark_max_age) for text in brought.values()] == [new]:
        return
    for name in brought:  # `new` stands for all of them, or nothing has to
        if name != _careful():  # the careful one expires: another answer may have set it again
            response.delete_cookie(name, **_scope())
    if new:
        _set(decision.request, response, new)
    if brought or new:  # a shared cache must not hand this browser's cookies to others
        patch_cache_control(response, private=True)


def _moved_forward(decision: Decision, response: HttpResponse, before: Bookmark | None) -> Bookmark | None:
    """Return what the visitor has written or seen by now. None: this request adds nothing."""
    primary, visitor = routing().primary, decision.note(Visitor)
    moves = before or conf().monotonic_reads == "everyone"
    streams = response.streaming and not isinstance(response, FileResponse)  # the rest may still be read, from there:
    if streams and (decision.has_written() or moves) and (decision.read() == primary or visitor.saw_primary):
        return Bookmark(UNREACHABLE)  # where the primary will be by then is not known yet
    try:
        if decision.has_written() or (moves and visitor.saw_primary):
            decision.because(primary, Reason.BOOKMARK)
            return Bookmark(fetch_flushed())
        replica, found = decision.replica, visitor.found
        if replica is None or not moves:
            return None
        if found and (found.asked or streams):
            return Bookmark(found.place.position, replica, found.place.started)
        decision.because(replica, Reason.BOOKMARK)
        place = fetch_replayed(replica)
        if place is None or (found and found.place.started != place.started):
            return Bookmark(UNREACHABLE)  # it is not the server that gave the page
        return Bookmark(place.position, *((replica, place.started) if streams else ()))
    except (DatabaseError, InterfaceError):
        return Bookmark(UNREACHABLE)


def _set(request: HttpRequest, response: HttpResponse, bookmark: Bookmark) -> None:
    name, age = f"{conf().bookmark_cookie}_{secrets.token_hex(4)}", conf().bookmark_max_age
    if not may_give(request, name):
        name, age, bookmark = _careful(), min(age, CAREFUL_AGE), Bookmark(UNREACHABLE)
    response.set_cookie(
        name,
        bookmark.sign(),
        max_age=age,
        secure=settings.SESSION_COOKIE_SECURE or request.is_secure(),
        httponly=True,
        **_scope(),
    )


def _careful() -> str:
    """Return the name of the careful cookie: burst.py."""
    return f"{conf().bookmark_cookie}_0"


def _scope() -> dict[str, Any]:
    """Return where a cookie counts: wherever the session does."""
    return {
        "domain": settings.SESSION_COOKIE_DOMAIN,
        "path": settings.SESSION_COOKIE_PATH,
        "samesite": settings.SESSION_COOKIE_SAMESITE or None,
    }
