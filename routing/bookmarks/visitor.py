"""What this layer keeps for one request: what its visitor has seen, and which replica was found for it."""

from typing import Any

from django.http import HttpRequest

from .bookmark import Bookmark, of_request
from .catching_up import Found

_NOT_YET: Any = object()


class Visitor:
    """The visitor of one request."""

    def __init__(self) -> None:
        self.saw_primary = False  # has this request read what is not pinned from the primary, or written there?
        self.found: Found | None = None  # the replica for the visitor's bookmark
        self.waited: float | None = None  # milliseconds that finding it took, whether there was one or not
        self._bookmark: Bookmark | None = _NOT_YET

    def bookmark(self, request: HttpRequest) -> Bookmark | None:
        """Return what the visitor had written or seen before this request."""
        if self._bookmark is _NOT_YET:
            self._bookmark = of_request(request)
        return self._bookmark
