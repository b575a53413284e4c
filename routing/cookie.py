"""The bookmark's cookie: set after a write, moved forward with what is shown, taken away when all have caught up.

Requests of one browser overlap, and a late answer must not replace, or take away, what a quicker one has set. So each
cookie has a name of its own, and an answer takes away only those that its request brought. A request that brings
several has all of their bookmarks, and its answer makes one of them.
"""

import secrets
from typing import Any

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import FileResponse, HttpResponse
from django.utils.cache import patch_cache_control

from .bookmarks import Bookmark, cookies, flushed, is_supported, unsign
from .conf import conf
from .position import NOWHERE
from .replicas import all_reached, ask
from .route import Route


def settle(route: Route, response: HttpResponse) -> None:
    """Bring the visitor's cookie up to date. At most one statement; none for a reader without a bookmark.

    Must run after the last COMMIT of the request, the session's included.
    """
    brought = cookies(route.request)
    if not (route.wrote or brought or conf().monotonic_reads == "everyone") or not is_supported():
        return
    new = _moved_forward(route, response)
    if new is None and route.bookmark:
        return
    if new and not new.replica and all_reached(new.position):
        new = None
    if new and [unsign(text, conf().bookmark_max_age) for text in brought.values()] == [new]:
        return
    for name in brought:  # `new` stands for all of them, or nothing has to
        response.delete_cookie(name, **_scope())
    if new:
        _set(route, response, new)
    if brought or new:  # a shared cache must not hand this browser's cookies to others
        patch_cache_control(response, private=True)


def _moved_forward(route: Route, response: HttpResponse) -> Bookmark | None:
    """Return what the visitor has written or seen by now. None: this request adds nothing."""
    moves = route.bookmark or conf().monotonic_reads == "everyone"
    streams = response.streaming and not isinstance(response, FileResponse)  # the rest may still be read, from there:
    if streams and (route.wrote or moves) and (route.read() == conf().primary or route.saw_primary):
        return Bookmark(NOWHERE)  # where the primary will be by then is not known yet
    try:
        if route.wrote or (moves and route.saw_primary):
            route.because(conf().primary, "bookmark")
            return Bookmark(flushed())
        replica = route.replica_used
        if replica is None or not moves:
            return None
        if route.found and (route.found.asked or streams):
            return Bookmark(route.found.replayed.position, replica, route.found.replayed.started)
        route.because(replica, "bookmark")
        replayed = ask(replica)
        if replayed is None or (route.found and route.found.replayed.started != replayed.started):
            return Bookmark(NOWHERE)  # it is not the server that gave the page
        return Bookmark(replayed.position, *((replica, replayed.started) if streams else ()))
    except (DatabaseError, InterfaceError):
        return Bookmark(NOWHERE)


def _set(route: Route, response: HttpResponse, bookmark: Bookmark) -> None:
    response.set_cookie(
        f"{conf().bookmark_cookie}_{secrets.token_hex(4)}",
        bookmark.sign(),
        max_age=conf().bookmark_max_age,
        secure=settings.SESSION_COOKIE_SECURE or route.request.is_secure(),
        httponly=True,
        **_scope(),
    )


def _scope() -> dict[str, Any]:
    """Return where a cookie counts: wherever the session does."""
    return {"domain": settings.SESSION_COOKIE_DOMAIN, "path": settings.SESSION_COOKIE_PATH, "samesite": "Lax"}
