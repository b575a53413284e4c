"""One request's decision: which database its reads go to, and why. Made once, at the first read."""

from copy import copy
from threading import get_ident
from typing import Any

from django.db import connections
from django.db.models import Model
from django.http import HttpRequest

from .conf import conf
from .in_tests import usable_replicas
from .layer import Noted, choose_replica, fit_replicas, layers
from .pinned import is_login_model, is_primary_path
from .reasons import Reason
from .request import current_request

# QUERY: RFC 10008.
SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE", "QUERY"}


class Decision(Noted):
    """The decision of one request; `current_decision()` returns it, and so does `request.routing`.

    A page that is made again has a new one, with the next `attempt`, and without the databases in `excluded`.
    """

    def __init__(self, request: HttpRequest, attempt: int = 1, excluded: frozenset[str] = frozenset()) -> None:
        super().__init__()
        self.request = request
        self.attempt = attempt
        self.excluded = excluded  # the databases that failed the attempts before
        self.failed: str | None = None  # … and this one
        self.only_reads = False  # does the view say that it only reads, whatever the method?
        self.must_repeat = False  # has it written although it looked like a reader's page?
        self.is_sent = False  # is the rest a stream?
        self.had_trouble = False  # has a statement, or a connection, failed?
        self.used_primary = False  # has it had a cursor of the primary?
        self.wrote = False  # has it run a statement that writes?
        self.replica: str | None = None  # the one of this request, as soon as it has needed one
        self._chosen = False
        self._read: tuple[str, Reason] | None = None
        self._why: dict[str, Reason] = {}
        self._connections: dict[int, Any] = {}  # the connection to the primary of each thread

    def read(self) -> str:
        """Return the alias that this request reads from: rules 7 to 10 of the table in router.py."""
        decided = self._read
        if decided is None:
            decided = self._read = self._decide()
        alias, reason = decided
        if self.wrote and reason not in (Reason.PRIMARY_PATH, Reason.UNSAFE_METHOD):
            alias, reason = conf().primary, Reason.WROTE_BEFORE
        self._why[alias] = reason
        return alias

    def _decide(self) -> tuple[str, Reason]:
        primary = conf().primary
        if is_primary_path(self.request.path_info):
            return primary, Reason.PRIMARY_PATH
        if not self.is_safe():
            return primary, Reason.UNSAFE_METHOD
        if self.wrote:
            return primary, Reason.WROTE_BEFORE
        if replica := self.choose_replica():
            return replica, Reason.PUBLIC_PATH
        if fit_replicas(self.excluded):
            return primary, Reason.BOOKMARK
        if usable_replicas():
            for no_replica_left in layers().no_replica_left:
                no_replica_left(self)
        return primary, Reason.NO_REPLICA

    def is_safe(self) -> bool:
        """Return whether this request only reads, by its method or because the view says so."""
        return self.only_reads or self.request.method in SAFE_METHODS

    def is_readers_page(self) -> bool:
        """Return whether the rules would let this request read from a replica, as far as it is only read."""
        return self.is_safe() and not is_primary_path(self.request.path_info)

    def does_without_primary(self, model: type[Model]) -> bool:
        """Return whether `model` is to be read from a replica because the primary is gone.

        Who a visitor is still needs the primary: without it they are nobody.
        """
        return conf().primary in self.excluded and self.is_readers_page() and not is_login_model(model)

    def has_written(self) -> bool:
        """Return whether this request counts as one that wrote.

        An unsafe one does if it has used the primary at all: not every write can be told from a read.
        """
        return self.wrote or (self.used_primary and not self.is_safe())

    def choose_replica(self) -> str | None:
        """Return the replica of this request, or None: one, so that a page never mixes two moments in time.

        The first call may ask the replicas, and wait for one.
        """
        if not self._chosen:
            self.replica, self._chosen = choose_replica(self), True
        return self.replica

    def is_in_transaction(self) -> bool:
        """Return whether this thread's connection to the primary is in an atomic block. Connects to nothing.

        in_atomic_block is a plain attribute; transaction.get_autocommit() would connect. And `connections[…]` looks
        for an event loop each time, which takes longer than everything else that a router does: once a request is
        enough, because a thread keeps its connection object.
        """
        try:
            connection = self._connections[get_ident()]
        except KeyError:
            connection = self._connections[get_ident()] = connections[conf().primary]
        is_in_it: bool = connection.in_atomic_block
        return is_in_it

    def because(self, alias: str, reason: Reason) -> str:
        """Note why the next statement goes to `alias`, and return `alias`."""
        self._why[alias] = reason
        return alias

    def reason(self, alias: str) -> Reason | None:
        """Return why the next statement goes to `alias`, if a router has been asked for one."""
        return self._why.get(alias)

    def take_reason(self, alias: str) -> Reason:
        """Return why the present statement goes to `alias`. If no router was asked, code told it where to go."""
        return self._why.pop(alias, Reason.OVERRIDE)

    def again(self, without: str | None = None) -> "Decision":
        """Return the decision of the same request's next attempt.

        It does without the database `without`; if none is named, the page is known to write, and is the primary's.
        """
        again = Decision(self.request, self.attempt + 1, self.excluded | ({without} if without else set()))
        again.wrote = without is None
        return again

    def twin(self, request: HttpRequest) -> "Decision":
        """Return a copy for `request`, a stand-in: what it decides and notes from now on does not reach this one."""
        twin = copy(self)
        twin.request, twin._why, twin._notes = request, {}, {}
        return twin


def current_decision() -> Decision | None:
    """Return the decision of the request in scope, or None if there is no request."""
    request: Any = current_request()
    if request is None:
        return None
    try:
        decision: Decision = request.routing
    except AttributeError:
        decision = request.routing = Decision(request)
    return decision


def only_read(request: Any) -> None:
    """Say that a request only reads, whatever its method: a search by POST, a GraphQL query.

    Call it in the view, before the first query. The page is then read from a replica, its answer carries no bookmark,
    and a write in it is treated as one in a GET.
    """
    decision: Decision | None = getattr(request, "routing", None)
    if decision:
        decision.only_reads, decision._read = True, None
