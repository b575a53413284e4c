"""Code knows better than the path: `with primary():` and `with replica():`, also as decorators."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from contextvars import ContextVar, Token
from functools import wraps
from inspect import isasyncgenfunction, iscoroutinefunction, isgeneratorfunction
from typing import Any, ParamSpec, TypeVar, cast

from django.core.exceptions import ImproperlyConfigured

from .conf import conf
from .decision import Decision
from .layer import choose_replica, layers

P = ParamSpec("P")
R = TypeVar("R")


class Override(ABC):
    """Sends reads to one place from enter to exit. The innermost one decides."""

    def __init__(self) -> None:
        self._tokens: list[Token[Override | None]] = []

    @abstractmethod
    def alias(self, decision: Decision | None) -> str:
        """Return the database alias that reads go to; `decision` is that of the request in scope."""

    def _again(self) -> "Override":
        return type(self)()

    def __enter__(self) -> None:
        self._tokens.append(_innermost.set(self))

    def __exit__(self, *exception: object) -> None:
        _innermost.reset(self._tokens.pop())

    def __call__(self, function: Callable[P, R]) -> Callable[P, R]:
        """Decorate a function or a coroutine function. Each call gets its own override.

        Raises TypeError for a generator, whose body would run after the override has ended.
        """
        if isgeneratorfunction(function) or isasyncgenfunction(function):
            raise TypeError(
                f"{function.__qualname__} is a generator, so its body would run after the override has ended. "
                f"Write `with {type(self).__name__}():` inside it."
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

    def alias(self, decision: Decision | None) -> str:
        return conf().primary


class replica(Override):
    """Reads go to a replica: `with replica():`, or `@replica()`. How a report or a task opts in.

    In a request it is the request's replica; elsewhere one is chosen for the block. `after` is a position from
    `bookmark()`: the replica is then one that has replayed it, and gets BOOKMARK_WAIT milliseconds to do so. If
    there is no such replica, reads go to the primary.

    Raises ValueError if `after` is not a position, and ImproperlyConfigured if no layer understands it.
    """

    def __init__(self, after: str | None = None) -> None:
        super().__init__()
        if after is not None:
            from .position import Position  # few need it

            Position.parse(after)
            if not layers().choose:
                raise ImproperlyConfigured(
                    "replica(after=…) needs bookmarks. Add 'routing.bookmarks' to INSTALLED_APPS."
                )
        self._after = after
        self._alias: str | None = None

    def _again(self) -> "replica":
        return replica(self._after)

    def alias(self, decision: Decision | None) -> str:
        if decision and self._after is None:
            return decision.choose_replica() or conf().primary
        if self._alias is None:
            self._alias = choose_replica(decision, self._after) or conf().primary
        return self._alias


# A context variable, so that it follows into the threads that sync_to_async uses.
_innermost: ContextVar[Override | None] = ContextVar("routing_override", default=None)


# Returns the innermost override, or None. Every read calls this, so no function of ours wraps it.
current_override = _innermost.get
