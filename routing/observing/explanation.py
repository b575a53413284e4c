"""Which rule decides for a request, and why: for a shell, a test, and `manage.py explain_route`."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.http import HttpRequest

from ..conf import conf
from ..decision import Decision
from ..layer import layers, problems_of_replicas
from ..overrides import current_override
from ..pinned import is_pinned, primary_paths
from ..reasons import Reason
from ..request import RequestScope
from ..router import PathRouter


@dataclass(frozen=True, slots=True)
class Explanation:
    """Where a request reads from, and the rule of the table in router.py that says so."""

    alias: str
    reason: Reason
    why: str
    bookmark: str | None  # the WAL position that the visitor brings
    waited: float | None  # milliseconds that it took to find a replica for it

    @property
    def rule(self) -> int | None:
        return self.reason.rule

    def __str__(self) -> str:
        return f"{self.alias}: rule {self.rule}, {self.reason} ({self.why})"


def explain(request: HttpRequest, model: type[Model] | None = None) -> Explanation:
    """Ask PathRouter where `request` would read `model` from (default: any model that isn't pinned), here and now.

    An override or a transaction around the call counts, as it does for a query, and so does what the request has done
    so far. Nothing in scope changes. It runs SQL only if the request brings a bookmark: it may then ask the replicas.
    Raises what a layer raises if it would refuse the request.
    """
    stand_in: Any = type(request).__new__(type(request))  # copy() leaves out what does not pickle
    vars(stand_in).update(vars(request))
    decision: Decision | None = vars(request).get("routing")
    decision = stand_in.routing = decision.twin(stand_in) if decision else Decision(stand_in)
    model = model or min(apps.get_models(), key=is_pinned)
    scope = RequestScope(stand_in)
    scope.enter()
    try:
        alias = PathRouter().db_for_read(model) or conf().primary
        reason = decision.reason(alias) or (Reason.OVERRIDE if current_override() else Reason.NO_REQUEST)
        facts = {name: value for describe in layers().describe for name, value in describe(decision).items()}
    finally:
        for ended in layers().ended:
            ended(stand_in)
        scope.leave()
    bookmark = facts.get("bookmark")
    return Explanation(alias, reason, _why(reason, request, model, bookmark), bookmark, facts.get("waited"))


def _why(reason: Reason, request: HttpRequest, model: type[Model], bookmark: str | None) -> str:
    path = next((each for each in primary_paths() if (request.path_info + "/").startswith(each + "/")), None)
    return {
        Reason.OVERRIDE: f"the code says `with {type(current_override()).__name__}():`",
        Reason.NO_REQUEST: "the request has no path",
        Reason.TRANSACTION: f"{conf().primary} is in an atomic block, as it is in a TestCase",
        Reason.PINNED_MODEL: f"{model._meta.label} is pinned, whatever the path",
        Reason.PRIMARY_PATH: f"the path lies under {path or '/'}",
        Reason.UNSAFE_METHOD: f"{request.method} is not GET, HEAD, OPTIONS or TRACE",
        Reason.WROTE_BEFORE: "this request has already written",
        Reason.BOOKMARK: f"no replica has replayed {bookmark}",
        Reason.PUBLIC_PATH: f"a replica that has replayed {bookmark}" if bookmark else "any one replica",
        Reason.NO_REPLICA: "; ".join(map(": ".join, problems_of_replicas().items())) or "there is none",
    }[reason]
