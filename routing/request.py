"""The one place that knows the package django-middleware-global-request: which request is in scope?

The package keeps the request in a thread-local variable. Its README calls a global request no good habit, and
it is right. Here it decides which database a query goes to, and nothing else reads it.
"""

from collections.abc import Iterable, Iterator
from contextvars import ContextVar
from typing import Any

from django.http import HttpRequest
from django_middleware_global_request import GlobalRequest, GlobalRequestStorage, get_request

# Where get_request() looks, with two calls and two lookups. Every query asks.
_of_thread: Any = GlobalRequestStorage.storage
# The request that this code belongs to, where the middleware has said so: it follows coroutines, not threads.
_ours: ContextVar[HttpRequest | None] = ContextVar("routing_request", default=None)


def current_request() -> HttpRequest | None:
    """Return the request that this thread is serving, or None.

    One without a path is none: `GlobalRequest(user=…)` makes such a one for code that has no request. Nor is
    one that is over: the package leaves it in the thread when a streaming response is aborted. Nor is another's:
    with an async test client requests overlap in one thread (an ASGI server gives each a thread of its own).
    """
    try:
        request: Any = _of_thread.request
        if not request.is_in_scope:
            return None
    except AttributeError:  # there is none, or it did not come by the middleware
        request = get_request()
        if request is None or not request.path_info:
            return None
    ours = _ours.get()
    return request if ours is None or ours is request else None


class RequestScope:
    """Puts a request in scope for the code of this thread, from enter() to leave()."""

    def __init__(self, request: HttpRequest) -> None:
        self.request: Any = request

    def enter(self) -> None:
        self._before = GlobalRequest(request=self.request)
        self._before.set()
        self.request.is_in_scope = bool(self.request.path_info)
        self._outer = _ours.get()
        _ours.set(self.request)

    def leave(self) -> None:
        """May come late, when a streaming response is closed; until then the request is in scope."""
        self.request.is_in_scope = False
        self._before.reset()
        _ours.set(self._outer)

    def each(self, parts: Iterable[Any]) -> Iterator[Any]:
        """Give the parts of a stream. The request is in scope only while one is made: nobody need close the rest."""
        iterator = iter(parts)
        while True:
            self.enter()
            try:
                part = next(iterator)
            except StopIteration:
                return
            finally:
                self.leave()
            yield part
