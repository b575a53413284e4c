"""Puts the request in scope for the router. First in MIDDLEWARE: what runs outside of it has no request."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

from . import budget, failover
from .conf import conf
from .cookie import settle
from .request import RequestScope
from .route import Route, current_route
from .sql import server_timing

# Without the app there are no checks that could say so.
if not apps.is_installed("routing"):
    raise ImproperlyConfigured("RoutingMiddleware needs its app: add 'routing' to INSTALLED_APPS.")


class RoutingMiddleware:
    """Sync and async. Replaces the package's own GlobalRequestMiddleware, which is sync only."""

    sync_capable = True
    async_capable = True

    def __init__(self, get_response: Callable[[HttpRequest], Any]) -> None:
        self.get_response = get_response
        self.is_async = iscoroutinefunction(get_response)
        if self.is_async:
            markcoroutinefunction(self)

    def __call__(self, request: HttpRequest) -> HttpResponse | Awaitable[HttpResponse]:
        if self.is_async:
            return self._call_async(request)
        scope = RequestScope(request)
        scope.enter()
        try:
            failover.begin()
            response: HttpResponse = self.get_response(request)
            while failover.must_repeat(request, response):
                response = self.get_response(request)
            return self._finish(scope, response)
        except BaseException:
            leave(scope)
            raise

    async def _call_async(self, request: HttpRequest) -> HttpResponse:
        # The package keeps the request in a thread: it must be the one that this request's sync code, and its
        # async ORM calls, run in.
        scope = RequestScope(request)
        await sync_to_async(scope.enter)()
        try:
            await sync_to_async(failover.begin)()
            response: HttpResponse = await self.get_response(request)
            while await sync_to_async(failover.must_repeat)(request, response):
                response = await self.get_response(request)
            return await sync_to_async(self._finish)(scope, response)
        except BaseException:
            await sync_to_async(leave)(scope)
            raise

    def _finish(self, scope: RequestScope, response: HttpResponse) -> HttpResponse:
        response = failover.honest(scope.request, response)
        if route := current_route():
            if not route.failed and conf().primary not in route.excluded:
                settle(route, response)
            if conf().explain and route.timings:
                others = response.headers.get("Server-Timing")
                response.headers["Server-Timing"] = ", ".join(filter(None, (others, server_timing(route))))
        if response.streaming:
            # Its content is still to be read from the same database. Servers close every response.
            response._resource_closers.append(partial(leave, scope))  # type: ignore[attr-defined]
        else:
            leave(scope)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return failover.process_exception(request, exception)


def leave(scope: RequestScope) -> None:
    """End a request. If it was made within another one, by a test client in a view, that one has written, too."""
    route: Route | None = getattr(scope.request, "route", None)
    budget.leave(scope.request)
    scope.leave()
    if route and route.wrote and (outer := current_route()):
        outer.wrote = True
