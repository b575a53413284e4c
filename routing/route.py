"""One request's decision: which database its reads go to, and why. Made once, at the first read."""

from typing import Any

from django.http import HttpRequest

from . import replicas
from .conf import conf
from .paths import is_primary_path
from .request import current_request

SAFE_METHODS = {"GET", "HEAD", "OPTIONS", "TRACE"}


class Route:
    """The route of one request; `current_route()` gives it."""

    __slots__ = ("_replica", "_replica_chosen", "_why", "alias", "reason", "request", "timings")

    def __init__(self, request: HttpRequest) -> None:
        self.request = request
        self.alias: str | None = None
        self.reason = ""
        self._replica: str | None = None
        self._replica_chosen = False
        self._why: dict[str, str] = {}
        # Milliseconds of SQL by (alias, reason), where ROUTING["EXPLAIN"] is on.
        self.timings: dict[tuple[str, str], float] = {}

    def read(self) -> str:
        """Return the alias that this request reads from."""
        if self.alias is None:
            self.alias, self.reason = self._decide()
        return self.because(self.alias, self.reason)

    def _decide(self) -> tuple[str, str]:
        """Rules 5, 6 and 9 of the table in router.py."""
        primary = conf().primary
        if is_primary_path(self.request.path_info):
            return primary, "primary path"
        if self.request.method not in SAFE_METHODS:
            return primary, "unsafe method"
        if self.replica is None:
            return primary, "no replica"
        return self.replica, "public path"

    @property
    def replica(self) -> str | None:
        """The replica of this request: one, so that a page never mixes two moments in time."""
        if not self._replica_chosen:
            self._replica, self._replica_chosen = replicas.choose(), True
        return self._replica

    def because(self, alias: str, reason: str) -> str:
        """Note why the next statement goes to `alias`, and return `alias`."""
        self._why[alias] = reason
        return alias

    def add_time(self, alias: str, milliseconds: float) -> None:
        """Count a statement that ran. One that no router was asked about was told where to go."""
        key = alias, self._why.pop(alias, "override")
        self.timings[key] = self.timings.get(key, 0.0) + milliseconds


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
