"""Checks that routing is installed where it has to be: router, middleware, and the replicas in DATABASES."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import router
from django.utils.module_loading import import_string

from ..conf import conf

SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"


def check_installation(**kwargs: Any) -> list[CheckMessage]:
    return [*_check_router(), *_check_middleware(), *_check_replicas()]


def path_of(kind: type) -> str:
    """Return how the settings name a class."""
    return f"{kind.__module__}.{kind.__qualname__}"


def _check_router() -> Iterator[CheckMessage]:
    from ..router import PathRouter

    if not any(isinstance(each, PathRouter) for each in router.routers):
        yield Error(
            "PathRouter is not in DATABASE_ROUTERS, so nothing is read from the replicas.",
            hint=f"Add {path_of(PathRouter)!r} to DATABASE_ROUTERS.",
            id="routing.E005",
        )


def _check_middleware() -> Iterator[CheckMessage]:
    from ..middleware import RoutingMiddleware

    classes = [import_string(path) for path in settings.MIDDLEWARE]
    own = _position(classes, RoutingMiddleware)
    if own is None:
        yield Error(
            "RoutingMiddleware is not in MIDDLEWARE, so the router sees no request, and no replica is read.",
            hint=f"Put {path_of(RoutingMiddleware)!r} first in MIDDLEWARE.",
            id="routing.E006",
        )
        return
    sessions = _position(classes, import_string(SESSIONS)) if apps.is_installed("django.contrib.sessions") else None
    if sessions is not None and sessions < own:
        yield Error(
            "RoutingMiddleware is below SessionMiddleware, so it misses the session that is saved on the way out.",
            hint=f"Put {path_of(RoutingMiddleware)!r} first in MIDDLEWARE.",
            id="routing.E007",
        )


def _position(classes: list[Any], wanted: type) -> int | None:
    """Return the index of `wanted`, or of a subclass of it. Middleware may also be a function."""
    for position, each in enumerate(classes):
        if isinstance(each, type) and issubclass(each, wanted):
            return position
    return None


def _check_replicas() -> Iterator[CheckMessage]:
    from ..router import PathRouter

    for alias in conf().replicas:
        database = settings.DATABASES.get(alias)
        if database is None or alias == conf().primary:
            continue  # routing.E003 and E004 name them
        if database.get("ATOMIC_REQUESTS"):
            yield Error(
                f"The replica {alias!r} has ATOMIC_REQUESTS, so every request connects to it, even without SQL.",
                hint=f"Remove ATOMIC_REQUESTS from DATABASES[{alias!r}].",
                id="routing.E009",
            )
        if database.get("OPTIONS", {}).get("target_session_attrs") in ("read-write", "primary"):
            yield Error(
                f"The replica {alias!r} asks for a server that takes writes, so it never connects to a replica.",
                hint=f"Remove target_session_attrs from DATABASES[{alias!r}]['OPTIONS'], or make the entry with "
                "replica_of() from databases.py.",
                id="routing.E014",
            )
        if database.get("CONN_HEALTH_CHECKS"):
            yield Warning(
                f"The replica {alias!r} has CONN_HEALTH_CHECKS, so each page runs one more statement, and that one "
                "hangs on a frozen server. Without it, a page that meets a dead connection is made again.",
                hint=f"Remove CONN_HEALTH_CHECKS from DATABASES[{alias!r}].",
                id="routing.W012",
            )
        if any(router.allow_migrate(alias, app.label) for app in apps.get_app_configs()):
            yield Error(
                f"Django would migrate the replica {alias!r}, because another router in DATABASE_ROUTERS allows it.",
                hint=f"Put {path_of(PathRouter)!r} first in DATABASE_ROUTERS.",
                id="routing.E010",
            )
        if "," in str(database.get("HOST", "")):
            yield Error(
                f"The replica {alias!r} has several hosts, and what one has replayed says nothing about the next.",
                hint="Give each server its own alias.",
                id="routing.E013",
            )
        if database.get("TEST", {}).get("MIRROR") != conf().primary:
            yield Warning(
                f"The replica {alias!r} is not a test mirror, so Django would try to create a test database on it.",
                hint=f'Set DATABASES[{alias!r}]["TEST"] = {{"MIRROR": {conf().primary!r}}}.',
                id="routing.W002",
            )
