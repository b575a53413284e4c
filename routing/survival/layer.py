"""What survival adds to the pattern: which replicas are left out, which pages are made again, and when to say 503."""

from collections.abc import Collection
from typing import Any

from django.http import HttpRequest, HttpResponse

from ..conf import conf as routing
from ..decision import Decision
from ..layer import Layer
from . import budget, health, start_over
from .unavailable import Unavailable
from .watchers import look_soon, start_watchers


class Survival(Layer):
    def leave_out(self, aliases: Collection[str]) -> dict[str, str]:
        start_watchers()
        return health.problems()

    def no_replica_left(self, decision: Decision) -> None:
        if routing().primary in decision.excluded:
            raise Unavailable("No database can be reached.")
        budget.enter(decision.request)

    def did_not_answer(self, alias: str) -> None:
        look_soon(alias)

    def began(self, decision: Decision) -> None:
        start_over.leave_broken_connections()

    def raised(self, decision: Decision, exception: Exception) -> HttpResponse | None:
        return start_over.answer_exception(decision, exception)

    def start_over(self, decision: Decision, response: HttpResponse) -> Decision | None:
        return start_over.start_over(decision, response)

    def finished(self, decision: Decision, response: HttpResponse) -> HttpResponse:
        return start_over.replace_by_503(decision, response)

    def ended(self, request: HttpRequest) -> None:
        budget.leave(request)

    def describe(self, decision: Decision) -> dict[str, Any]:
        return {"attempt": decision.attempt}
