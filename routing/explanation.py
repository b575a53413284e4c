"""Which rule decides for a request, and why: for a shell, a test, and `manage.py explain_route`."""

from copy import copy
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.http import HttpRequest

from . import budget, health
from .conf import conf
from .overrides import current_override
from .paths import primary_paths
from .pinned import is_pinned
from .request import RequestScope
from .route import current_route
from .router import RULES, PathRouter


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a request reads from, and the rule of the table in router.py that says so."""

    alias: str
    reason: str
    why: str
    bookmark: str | None  # the WAL position that the visitor brings
    waited: float | None  # milliseconds that it took to find a replica for it

    @property
    def rule(self) -> int:
        return RULES[self.reason]

    def __str__(self) -> str:
        return f"{self.alias}: rule {self.rule}, {self.reason} ({self.why})"


def explain(request: HttpRequest, model: type[Model] | None = None) -> Explanation:
    """Ask PathRouter where a read of `model` (default: any that is not pinned) goes, for `request`, here and now.

    An override or a transaction around the call counts, as for a query; so does what a request that is being served
    has done. (Until it needs a replica, it may still get another.) Nothing in scope changes. No SQL, unless it brings
    a bookmark: then the replicas may be asked. Raises Unavailable where the request would get a 503.
    """
    stand_in: Any = type(request).__new__(type(request))  # copy() leaves out what does not pickle
    vars(stand_in).update(vars(request))
    if route := vars(request).get("route"):
        stand_in.route = twin = copy(route)
        twin.request, twin._why, twin.timings, twin.statements = stand_in, {}, {}, None
    model = model or min(apps.get_models(), key=is_pinned)
    scope = RequestScope(stand_in)
    scope.enter()
    try:
        alias = PathRouter().db_for_read(model)
        route = current_route()
        reason = (route and route.reason(alias)) or ("override" if current_override() else "no request")
    finally:
        budget.leave(stand_in)
        scope.leave()
    bookmark = str(route.bookmark.position) if route and route.bookmark else None
    return Explanation(
        alias, reason, _why(reason, request, model, bookmark), bookmark, route.waited if route else None
    )


def _why(reason: str, request: HttpRequest, model: type[Model], bookmark: str | None) -> str:
    path = next((each for each in primary_paths() if (request.path_info + "/").startswith(each + "/")), None)
    return {
        "override": f"code says so: `with {type(current_override()).__name__}():`",
        "no request": "the request has no path",
        "transaction": f"{conf().primary} is in an atomic block, as it is within a TestCase",
        "pinned model": f"{model._meta.label} is pinned, whatever the path",
        "primary path": f"the path lies under {path or '/'}",
        "unsafe method": f"{request.method} is not GET, HEAD, OPTIONS or TRACE",
        "wrote before": "this request has already written",
        "bookmark": f"no replica has replayed {bookmark}",
        "public path": f"a replica that has replayed {bookmark}" if bookmark else "any one replica",
        "no replica": "; ".join(map(": ".join, health.problems().items())) or "there is none",
    }[reason]
