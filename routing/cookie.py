"""The bookmark's cookie: set after a write, moved forward with what is shown, taken away when all have caught up."""

from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.http import HttpResponse
from django.utils.cache import patch_cache_control

from .bookmarks import Bookmark, flushed
from .conf import conf
from .position import NOWHERE
from .replicas import all_reached, ask, known
from .route import Route


def settle(route: Route, response: HttpResponse) -> None:
    """Bring the visitor's cookie up to date. At most one statement; none for a reader without a bookmark.

    Must run after the last COMMIT of the request, the session's included.
    """
    has_cookie = conf().bookmark_cookie in route.request.COOKIES
    if not (route.wrote or has_cookie or conf().monotonic_reads == "everyone"):
        return
    new = _moved_forward(route, response)
    if new and not (not new.replica and all_reached(new.position)):
        if new != route.bookmark or not has_cookie:
            _set(route, response, new)
    elif has_cookie and (new or not route.bookmark):  # every replica has passed it, or it is none
        response.delete_cookie(conf().bookmark_cookie, path=settings.SESSION_COOKIE_PATH, samesite="Lax")


def _moved_forward(route: Route, response: HttpResponse) -> Bookmark | None:
    """Return what the visitor has written or seen by now. None: this request adds nothing."""
    if response.streaming and route.bookmark:
        route.read()  # what is still to be read comes from there
    try:
        if route.wrote or (route.bookmark and route.saw_primary):
            route.because(conf().primary, "bookmark")
            return Bookmark(flushed())
        replica = route.replica_used
        if replica is None or not (route.bookmark or conf().monotonic_reads == "everyone"):
            return None
        if route.asked or response.streaming:
            replayed = known(replica) or ask(replica)
            return Bookmark(replayed.position, replica, replayed.started) if replayed else Bookmark(NOWHERE)
        route.because(replica, "bookmark")
        replayed = ask(replica)
        return Bookmark(replayed.position if replayed else NOWHERE)
    except (DatabaseError, InterfaceError):
        return Bookmark(NOWHERE)


def _set(route: Route, response: HttpResponse, bookmark: Bookmark) -> None:
    response.set_cookie(
        conf().bookmark_cookie,
        bookmark.sign(),
        max_age=conf().bookmark_max_age,
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE or route.request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    # A shared cache must not hand this browser's cookie to others.
    patch_cache_control(response, private=True)
