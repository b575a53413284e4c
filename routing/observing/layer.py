"""What observing adds: a record of each request's statements, the header Server-Timing, and signals. It only looks."""

from typing import Any

from django.http import HttpResponse

from ..decision import Decision
from ..layer import Layer
from ..reasons import Reason
from ..statements import Statement
from . import signals
from .conf import conf


class Record:
    """What one request ran."""

    def __init__(self) -> None:
        self.milliseconds: dict[tuple[str, Reason], float] = {}  # of SQL, by alias and reason
        # Each statement in order, if EXPLAIN or the debug toolbar's panel wants to show them.
        self.statements: list[Statement] | None = [] if conf().explain else None


def record_of(decision: Decision) -> Record:
    """Return the record of a request: `record_of(request.routing)`."""
    return decision.note(Record)


class Observing(Layer):
    def watches_replicas(self) -> bool:
        return conf().explain or bool(signals.statement_ran.receivers)

    def ran(self, decision: Decision, statement: Statement) -> None:
        record = decision.note(Record)
        key = statement.alias, statement.reason
        record.milliseconds[key] = record.milliseconds.get(key, 0.0) + statement.milliseconds
        if record.statements is not None:
            record.statements.append(statement)
        if signals.statement_ran.receivers:
            signals.statement_ran.send(
                Observing, alias=statement.alias, reason=statement.reason, milliseconds=statement.milliseconds
            )

    def happened(self, event: str, facts: dict[str, Any]) -> None:
        signals.BY_EVENT[event].send(Observing, **facts)

    def finished(self, decision: Decision, response: HttpResponse) -> HttpResponse:
        if conf().explain and (record := record_of(decision)).milliseconds:
            others = response.headers.get("Server-Timing")
            response.headers["Server-Timing"] = ", ".join(filter(None, (others, server_timing(record))))
        return response


def server_timing(record: Record) -> str:
    """Return the header's value: one entry for each alias and reason, with the milliseconds of its SQL."""
    return ", ".join(
        f'{alias};desc="{reason}";dur={milliseconds:.1f}'
        for (alias, reason), milliseconds in record.milliseconds.items()
    )
