"""Puts the request in scope for the router. It must be first in MIDDLEWARE: what runs outside it has no request."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from asgiref.sync import iscoroutinefunction, markcoroutinefunction, sync_to_async
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse

from .decision import Decision, current_decision
from .guard import RepeatOnPrimary
from .layer import layers
from .request import RequestScope

# Without the app there are no checks that could report this.
if not apps.is_installed(str(__package__)):
    raise ImproperlyConfigured(f"RoutingMiddleware needs its app. Add {__package__!r} to INSTALLED_APPS.")


class RoutingMiddleware:
    """Works sync and async. It replaces the package's own GlobalRequestMiddleware, which is sync only."""

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
            response = self._get_response(request)
            while response is None or _start_over(request, response):
                response = self._get_response(request)
            return _finish(scope, response)
        except BaseException:
            _end(scope)
            raise

    async def _call_async(self, request: HttpRequest) -> HttpResponse:
        # The package stores the request in a thread, so enter it in the thread that this request's sync code, and its
        # async ORM calls, will use.
        scope = RequestScope(request)
        await sync_to_async(scope.enter)()
        try:
            await sync_to_async(_begin)(request)
            response = await self._get_response_async(request)
            while response is None or await sync_to_async(_start_over)(request, response):
                response = await self._get_response_async(request)
            return await sync_to_async(_finish)(scope, response)
        except BaseException:
            await sync_to_async(_end)(scope)
            raise

    def _get_response(self, request: HttpRequest) -> HttpResponse | None:
        """Return the response, or None if the page wrote and has to be made again on the primary."""
        try:
            response: HttpResponse = self.get_response(request)
        except RepeatOnPrimary:
            response = HttpResponse()
        return None if _repeats_on_primary(request) else response

    async def _get_response_async(self, request: HttpRequest) -> HttpResponse | None:
        try:
            response: HttpResponse = await self.get_response(request)
        except RepeatOnPrimary:
            response = HttpResponse()
        return None if _repeats_on_primary(request) else response

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


def _repeats_on_primary(request: Any) -> bool:
    """Return whether the page has to be made again on the primary, with a new decision. (Code may catch anything.)"""
    decision = _decision_of(request)
    if decision is None or not decision.must_repeat:
        return False
    request.routing = decision.again()
    return True


def _start_over(request: Any, response: HttpResponse) -> bool:
    """Return whether a layer wants the page to be made again, with a new decision."""
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
        decision.is_sent = True
    if isinstance(response, StreamingHttpResponse) and not isinstance(response, FileResponse):
        # Its content is still to be read from the same database. Servers close every response.
        if response.is_async:
            response._resource_closers.append(partial(_end, scope))
            return response
        response.streaming_content = scope.each(response.streaming_content)
        response._resource_closers.append(partial(_end_request, scope.request))
        scope.leave()
    else:
        _end(scope)
    return response


def _end(scope: RequestScope) -> None:
    _end_request(scope.request)
    scope.leave()
    decision = _decision_of(scope.request)
    # A request within another one, by a test client in a view: that one has written, too.
    if decision and decision.has_written() and (outer := current_decision()):
        outer.wrote = True


def _end_request(request: HttpRequest) -> None:
    for ended in layers().ended:
        ended(request)
