"""Puts the request in scope for the router. First in MIDDLEWARE: what runs outside of it has no request."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse

from .decision import Decision, current_decision
from .layer import layers
from .request import RequestScope

# Without the app there are no checks that could say so.
if not apps.is_installed(str(__package__)):
    raise ImproperlyConfigured(f"RoutingMiddleware needs its app: add {__package__!r} to INSTALLED_APPS.")


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
            _begin(request)
            response: HttpResponse = self.get_response(request)
            while _start_over(request, response):
                response = self.get_response(request)
            return _finish(scope, response)
        except BaseException:
            _end(scope)
            raise

    async def _call_async(self, request: HttpRequest) -> HttpResponse:
        # The package keeps the request in a thread: it must be the one that this request's sync code, and its
        # async ORM calls, run in.
        scope = RequestScope(request)
        await sync_to_async(scope.enter)()
        try:
            await sync_to_async(_begin)(request)
            response: HttpResponse = await self.get_response(request)
            while await sync_to_async(_start_over)(request, response):
                response = await self.get_response(request)
            return await sync_to_async(_finish)(scope, response)
        except BaseException:
            await sync_to_async(_end)(scope)
            raise

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if decision := _decision_of(request):
            for raised in layers().raised:
                response: HttpResponse | None = raised(decision, exception)
                if response is not None:
                    return response
        return None


def _decision_of(request: Any) -> Decision | None:
    return getattr(request, "routing", None)


def _begin(request: HttpRequest) -> None:
    if decision := current_decision():
        for began in layers().began:
            began(decision)


def _start_over(request: Any, response: HttpResponse) -> bool:
    """Return whether the page is to be made again, with a new decision."""
    if decision := _decision_of(request):
        for start_over in layers().start_over:
            if (again := start_over(decision, response)) is not None:
                request.routing = again
                return True
    return False


def _finish(scope: RequestScope, response: HttpResponse) -> HttpResponse:
    if decision := _decision_of(scope.request):
        for finished in layers().finished:
            response = finished(decision, response)
    if response.streaming:
        # Its content is still to be read from the same database. Servers close every response.
        response._resource_closers.append(partial(_end, scope))  # type: ignore[attr-defined]
    else:
        _end(scope)
    return response


def _end(scope: RequestScope) -> None:
    """End a request. If it was made within another one, by a test client in a view, that one has written, too."""
    for ended in layers().ended:
        ended(scope.request)
    scope.leave()
    decision = _decision_of(scope.request)
    if decision and decision.wrote and (outer := current_decision()):
        outer.wrote = True
