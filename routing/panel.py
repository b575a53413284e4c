"""A panel for django-debug-toolbar: where each statement of a page ran, and which rule said so.

Imported only where DEBUG_TOOLBAR_PANELS names it: "routing.panel.RoutingPanel". Under ASGI the toolbar leaves it out,
for there the page's statements run in another thread than the toolbar.
"""

from typing import Any

from debug_toolbar.panels import Panel
from django.db import connections
from django.http import HttpRequest, HttpResponse

from .conf import conf
from .route import current_route
from .router import RULES
from .sql import see


class RoutingPanel(Panel):
    title = "Databases"
    template = "routing/panel.html"

    def enable_instrumentation(self) -> None:
        if route := current_route():
            route.statements = route.statements or []
            for alias in conf().replicas:
                see(connections[alias])

    def generate_stats(self, request: HttpRequest, response: HttpResponse) -> None:
        route = current_route()
        if route is None:  # RoutingMiddleware does not stand above the toolbar's
            return
        statements = [each._asdict() | {"rule": RULES.get(each.reason)} for each in route.statements or ()]
        stats: dict[str, Any] = {
            "statements": statements,
            "aliases": list(dict.fromkeys(each["alias"] for each in statements)),
            "bookmark": str(route.bookmark.position) if route.bookmark else None,
            "waited": route.waited,
        }
        self.record_stats(stats)  # type: ignore[no-untyped-call]

    @property
    def nav_subtitle(self) -> str:
        stats: dict[str, Any] = self.get_stats()  # type: ignore[no-untyped-call]
        return ", ".join(stats.get("aliases", ["not routed"]))
