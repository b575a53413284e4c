"""A panel for django-debug-toolbar: where each statement of a page ran, and which rule said so.

Imported only if DEBUG_TOOLBAR_PANELS names it: "routing.observing.panel.RoutingPanel". The toolbar leaves
it out under ASGI, because a page's statements run in another thread there.
"""

from typing import Any

from debug_toolbar.panels import Panel
from django.db import connections
from django.http import HttpRequest, HttpResponse

from ..conf import conf
from ..decision import Decision, current_decision
from ..layer import layers
from ..reasons import rule_of
from ..statements import watch
from .layer import record_of


class RoutingPanel(Panel):
    title = "Databases"
    template = "routing/panel.html"

    def enable_instrumentation(self) -> None:
        if decision := current_decision():
            record = record_of(decision)
            record.statements = record.statements or []
            for alias in conf().replicas:
                watch(connections[alias])

    def generate_stats(self, request: HttpRequest, response: HttpResponse) -> None:
        decision: Decision | None = current_decision()
        if decision is None:  # RoutingMiddleware does not stand above the toolbar's
            return
        statements = [each._asdict() | {"rule": rule_of(each.reason)} for each in record_of(decision).statements or ()]
        stats: dict[str, Any] = {
            "statements": statements,
            "aliases": list(dict.fromkeys(each["alias"] for each in statements)),
        }
        for describe in layers().describe:
            stats |= describe(decision)
        self.record_stats(stats)  # type: ignore[no-untyped-call]

    @property
    def nav_subtitle(self) -> str:
        stats: dict[str, Any] = self.get_stats()  # type: ignore[no-untyped-call]
        return ", ".join(stats.get("aliases", ["not routed"]))
