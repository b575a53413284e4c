"""One request's decision: which database its reads go to, and why. Made once, at the first read."""

from threading import get_ident
from time import perf_counter
from typing import Any, NamedTuple

from django.db import connections
from django.http import HttpRequest

from . import bookmarks, budget, catchup, health, replicas
from .bookmarks import Bookmark
from .catchup import Found
from .conf import conf
from .paths import is_primary_path
from .request import current_request
from .signals import bookmark_waited, statement_ran
from .unavailable import Unavailable

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}
_NOT_YET: Any = object()


class Statement(NamedTuple):
    """A statement that ran: where, for which reason, and how long it took. Its parameters are not kept."""

    alias: str
    reason: str
    sql: str
    milliseconds: float


class Route:
    """The route of one request; `current_route()` gives it."""

    __slots__ = (
        "_bookmark",
        "_decision",
        "_primary",
        "_replica",
        "_why",
        "attempt",
        "excluded",
        "failed",
        "found",
        "request",
        "saw_primary",
        "statements",
        "timings",
        "waited",
        "wrote",
    )

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.wrote = False  # has this request run SQL that writes?
        self.saw_primary = False  # … or SQL on the primary that reads what is not pinned?
        self.attempt = 1
        self.excluded: frozenset[str] = frozenset()  # the databases that failed the attempts before
        self.failed: str | None = None  # … and this one
        self.found: Found | None = None  # the replica for the visitor's bookmark
        self.waited: float | None = None  # milliseconds that finding it took, whether there was one or not
        self._decision: tuple[str, str] | None = None
        self._replica: str | None = _NOT_YET
        self._bookmark: Bookmark | None = _NOT_YET
        self._primary: dict[int, Any] = {}  # the connection to the primary of each thread
        self._why: dict[str, str] = {}
        # Milliseconds of SQL by (alias, reason).
        self.timings: dict[tuple[str, str], float] = {}
        # Each of them in order, where somebody wants to see them: EXPLAIN, or the panel of the debug toolbar.
        self.statements: list[Statement] | None = [] if conf().explain else None

    def read(self) -> str:
        """Return the alias that this request reads from: rules 5 to 10 of the table in router.py."""
        decision = self._decision
        if decision is None:
            decision = self._decision = self._decide()
        alias, reason = decision
        if self.wrote and reason not in ("primary path", "unsafe method"):
            alias, reason = conf().primary, "wrote before"
        self._why[alias] = reason
        return alias

    def is_in_transaction(self) -> bool:
        """Return whether this thread's connection to the primary is in an atomic block. Connects to nothing.

        in_atomic_block is a plain attribute; transaction.get_autocommit() would connect. And `connections[…]` looks
        for an event loop each time, which takes longer than everything else that a router does: once a request is
        enough, for a thread keeps its connection object.
        """
        try:
            connection = self._primary[get_ident()]
        except KeyError:
            connection = self._primary[get_ident()] = connections[conf().primary]
        is_in_it: bool = connection.in_atomic_block
        return is_in_it

    def _decide(self) -> tuple[str, str]:
        primary = conf().primary
        if is_primary_path(self.request.path_info):
            return primary, "primary path"
        if self.request.method not in SAFE_METHODS:
            return primary, "unsafe method"
        if self.wrote:
            return primary, "wrote before"
        if self.replica is None:
            if self.bookmark and any(health.is_fit(name) for name in conf().replicas if name not in self.excluded):
                return primary, "bookmark"
            if primary in self.excluded:
                raise Unavailable("No database can be reached.")
            if conf().replicas:
                budget.enter(self.request)
            return primary, "no replica"
        return self.replica, "public path"

    @property
    def bookmark(self) -> Bookmark | None:
        """What the visitor has written or seen before."""
        if self._bookmark is _NOT_YET:
            self._bookmark = bookmarks.of_request(self.request)
        return self._bookmark

    @property
    def replica(self) -> str | None:
        """The replica of this request: one, so that a page never mixes two moments in time."""
        if self._replica is _NOT_YET:
            without_primary = conf().primary in self.excluded  # then any page is better than none
            if self.bookmark and not without_primary:
                start = perf_counter()
                self.found = catchup.find_replica(self.bookmark, self.excluded)
                self.waited = (perf_counter() - start) * 1000
                bookmark_waited.send(
                    Route, alias=self.found.name if self.found else conf().primary, seconds=self.waited / 1000
                )
                self._replica = self.found.name if self.found else None
            else:
                self._replica = replicas.choose(self.excluded, any_will_do=without_primary)
        return self._replica

    @property
    def replica_used(self) -> str | None:
        """The replica of this request, if it has needed one so far."""
        return None if self._replica is _NOT_YET else self._replica

    def because(self, alias: str, reason: str) -> str:
        """Note why the next statement goes to `alias`, and return `alias`."""
        self._why[alias] = reason
        return alias

    def reason(self, alias: str) -> str | None:
        """Return why the next statement goes to `alias`, if a router has been asked for one."""
        return self._why.get(alias)

    def ran(self, alias: str, sql: str, milliseconds: float) -> None:
        """Note a statement that ran. One that no router was asked about was told where to go."""
        reason = self._why.pop(alias, "override")
        if alias == conf().primary and reason != "pinned model":
            self.saw_primary = True
        self.timings[alias, reason] = self.timings.get((alias, reason), 0.0) + milliseconds
        if self.statements is not None:
            self.statements.append(Statement(alias, reason, sql, milliseconds))
        if statement_ran.receivers:
            statement_ran.send(Route, alias=alias, reason=reason, milliseconds=milliseconds)


def current_route() -> Route | None:
    """Return the route of the request in scope, or None where there is no request."""
    request: Any = current_request()
    if request is None:
        return None
    try:
        route: Route = request.route
    except AttributeError:
        route = request.route = Route(request)
    return route
