"""Code knows better than the path: `with primary():` and `with replica():`, also as decorators."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextvars import ContextVar, Token
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import Any, ParamSpec, TypeVar, cast

from . import replicas
from .bookmarks import Bookmark
from .catchup import find_replica
from .conf import conf
from .position import Position
from .route import current_route

P = ParamSpec("P")
R = TypeVar("R")


class Override(ABC):
    """Sends reads to one place from enter to exit. The innermost one decides."""

    def __init__(self) -> None:
        self._tokens: list[Token[Override | None]] = []

    @abstractmethod
    def alias(self) -> str:
        """Return the database alias that reads go to."""

    def _again(self) -> "Override":
        return type(self)()

    def __enter__(self) -> None:
        self._tokens.append(_innermost.set(self))

    def __exit__(self, *exception: object) -> None:
        _innermost.reset(self._tokens.pop())

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Decorate a function or a coroutine function: each call has an override of its own.

        Raises TypeError for generators: their body runs after the call, outside of any override.
        """
        if isgeneratorfunction(function) or isasyncgenfunction(function):
            raise TypeError(
                f"{function.__qualname__} is a generator: it would run outside of the override. "
                f"Write `with {type(self).__name__}():` inside of it."
            )

        @wraps(function)
        def call(*args: P.args, **kwargs: P.kwargs) -> R:
            with self._again():
                return function(*args, **kwargs)

        @wraps(function)
        async def call_async(*args: P.args, **kwargs: P.kwargs) -> Any:
            with self._again():
                return await cast(Any, function(*args, **kwargs))

        return cast("Callable[P, R]", call_async) if iscoroutinefunction(function) else call


class primary(Override):
    """Reads go to the primary: `with primary():`, or `@primary()`."""

    def alias(self) -> str:
        return conf().primary


class replica(Override):
    """Reads go to a replica: `with replica():`, or `@replica()`. How a report or a task opts in.

    In a request it is the request's replica; elsewhere one is chosen for the block. With `after`, a position
    that `routing.bookmark()` gave, it is one that has replayed that position (after BOOKMARK_WAIT milliseconds
    at most), so that nothing older is read. Where there is no such replica, it is the primary.

    Raises ValueError if `after` is no position.
    """

    def __init__(self, after: str | None = None) -> None:
        super().__init__()
        self._after = Bookmark(Position.parse(after)) if after else None
        self._chosen: str | None = None

    def _again(self) -> "replica":
        again = replica()
        again._after = self._after
        return again

    def alias(self) -> str:
        if self._after is None and (route := current_route()):
            return route.replica or conf().primary
        if self._chosen is None:
            if self._after:
                found = find_replica(self._after)
                self._chosen = found.name if found else conf().primary
            else:
                self._chosen = replicas.choose() or conf().primary
        return self._chosen


# A context variable, and not the thread's: it goes along into the threads that sync_to_async uses.
_innermost: ContextVar[Override | None] = ContextVar("routing_override", default=None)


# Returns the innermost override in force, or None. Each read asks: no function of ours is around it.
current_override = _innermost.get
