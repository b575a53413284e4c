"""What bookmarks add to the pattern: rule 9, and the visitor's cookie."""

from time import perf_counter
from typing import Any

from django.http import HttpRequest, HttpResponse

from ..conf import conf as routing
from ..decision import Decision
from ..layer import Layer, tell
from ..position import Position
from ..reasons import Reason
from ..statements import Statement
from .bookmark import Bookmark, merge, unsign
from .catching_up import find_replica
from .conf import conf
from .cookie import update_cookie
from .visitor import Visitor


class Bookmarks(Layer):
    def choose(self, aliases: list[str], decision: Decision | None, after: str | None) -> list[str]:
        """Return the one replica that has what was written. Asks the replicas, and may wait for one."""
        wanted = Bookmark(Position.parse(after)) if after else None
        if decision is None:
            found = find_replica(wanted, aliases) if wanted else None
            return aliases if wanted is None else [found.alias] if found else []
        visitor = decision.note(Visitor)
        brought = visitor.bookmark(decision.request)
        if wanted and brought:
            wanted = merge(wanted, brought)
        elif (
            brought and routing().primary not in decision.excluded
        ):  # without the primary any page is better than none
            wanted = brought
        if wanted is None or not aliases:
            return aliases
        start = perf_counter()
        found = find_replica(wanted, aliases)
        seconds = perf_counter() - start
        if after is None:
            visitor.found, visitor.waited = found, seconds * 1000
        tell("bookmark waited", alias=found.alias if found else routing().primary, seconds=seconds)
        return [found.alias] if found else []

    def ran(self, decision: Decision, statement: Statement) -> None:
        if statement.alias == routing().primary and statement.reason != Reason.PINNED_MODEL:
            decision.note(Visitor).saw_primary = True

    def finished(self, decision: Decision, response: HttpResponse) -> HttpResponse:
        if not decision.failed and routing().primary not in decision.excluded:
            update_cookie(decision, response)
        return response

    def bring(self, request: HttpRequest, text: str) -> None:
        try:
            value = Bookmark(Position.parse(text)).sign()
        except ValueError:
            if unsign(text, conf().bookmark_max_age) is None:
                raise ValueError(
                    f"{text!r} is neither a WAL position such as 1:0/3000060 nor a valid bookmark of this site."
                ) from None
            value = text
        request.COOKIES[conf().bookmark_cookie] = value

    def describe(self, decision: Decision) -> dict[str, Any]:
        visitor = decision.note(Visitor)
        brought = visitor.bookmark(decision.request)
        return {"bookmark": str(brought.position) if brought else None, "waited": visitor.waited}
