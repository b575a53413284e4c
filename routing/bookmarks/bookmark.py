"""What a visitor has written or seen, as a position in the write-ahead log.

A request that wrote gives its browser a bookmark in a signed cookie: the primary's flushed position after the last
COMMIT. Later requests of that browser read from a replica that has replayed it. Each page moves the bookmark forward
to what was shown, so that the next page is never older.

There are two ways to learn what a page from a replica showed. Either we ask the replica after the page's last query.
Or, if it was asked before the page anyway, the bookmark names the replica: the visitor has seen at least what it had
replayed by then, and only that replica (or the primary) may serve the next page.
"""

import re
from dataclasses import dataclass, replace
from functools import reduce

from django.core import signing
from django.db import connections
from django.http import HttpRequest

from ..conf import conf as routing
from ..position import UNREACHABLE, Place, Position
from ..wal import fetch_flushed
from .conf import conf

PARAMETER = "bookmark"  # of a link that carries one


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A position. If the visitor saw a page that a replica made further on, also which replica that was."""

    position: Position
    replica: str = ""
    started: str = ""

    def is_reached(self, alias: str, place: Place) -> bool:
        """Return whether replica `alias`, which is at `place`, shows nothing older than this."""
        if self.replica and (self.replica, self.started) != (alias, place.started):
            return False
        return self.position.is_reached_by(place.position)

    def sign(self) -> str:
        """Return it as signed text, in characters that are allowed in cookies and links."""
        return _signer().sign("~".join([str(self.position).replace("/", "."), self.replica, self.started]))


def _signer() -> signing.TimestampSigner:
    return signing.TimestampSigner(salt="routing.bookmark")


def unsign(text: str, max_age: int) -> Bookmark | None:
    """Return the bookmark in `text`, or None if it wasn't signed in the last `max_age` seconds."""
    try:
        position, replica, started = _signer().unsign(text, max_age=max_age).split("~")
        return Bookmark(Position.parse(position.replace(".", "/")), replica, started)
    except (signing.BadSignature, ValueError):
        return None


def cookies(request: HttpRequest) -> dict[str, str]:
    """Return the cookies of a request that are bookmarks. Each has its own name: cookie.py says why."""
    if not request.COOKIES:  # most readers
        return {}
    names = re.compile(re.escape(conf().bookmark_cookie) + "(_[0-9a-f]+)?")
    return {name: value for name, value in request.COOKIES.items() if names.fullmatch(name)}


def of_request(request: HttpRequest) -> Bookmark | None:
    """Return the bookmarks of a request's cookies and of its link, merged into one."""
    brought = [unsign(text, conf().bookmark_max_age) for text in cookies(request).values()]
    if PARAMETER in request.META.get("QUERY_STRING", "") and (link := request.GET.get(PARAMETER)):
        brought.append(unsign(link, conf().link_max_age))
    valid = [each for each in brought if each]
    return reduce(merge, valid) if valid else None


def merge(one: Bookmark, other: Bookmark) -> Bookmark:
    """Return the bookmark of a visitor who has seen what both stand for."""
    if one.position.timeline != other.position.timeline:
        return max(one, other, key=lambda each: each.position.timeline)
    if one.replica and other.replica and (one.replica, one.started) != (other.replica, other.started):
        return Bookmark(UNREACHABLE)
    further = max(one, other, key=lambda each: each.position.lsn)
    return replace(one if one.replica else other, position=further.position)


def is_supported() -> bool:
    """Return whether the primary is PostgreSQL, and so has a log with positions."""
    return connections[routing().primary].vendor == "postgresql"


def bookmark() -> str:
    """Return the primary's current position, as text. It covers everything that is committed now.

    Call it after the commit, for example in `transaction.on_commit`, and pass it to code that has to see the write:
    `with replica(after=…):`. One statement on the primary; raises django.db.DatabaseError if it doesn't answer.
    """
    return str(fetch_flushed())
