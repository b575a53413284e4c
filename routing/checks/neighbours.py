"""Checks how what else a project has installed gets along with routing."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.dummy import DummyCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.checks import CheckMessage, Warning
from django.db import router

from ..conf import conf, ours
from ..pinned import cache_tables

GLOBAL_REQUEST = "django_middleware_global_request.middleware.GlobalRequestMiddleware"


def check_neighbours(**kwargs: Any) -> list[CheckMessage]:
    """Other routers and middleware, sessions, caches, transactions."""
    return [*_check_routers(), *_check_middleware(), *_check_sessions(), *_check_caches(), *_check_transactions()]


def _check_routers() -> Iterator[CheckMessage]:
    from ..router import PathRouter

    is_before = True
    for other in router.routers:
        if isinstance(other, PathRouter):
            is_before = False
            continue
        name, read = type(other).__name__, getattr(other, "db_for_read", None)
        if is_before and read and (taken := [each._meta.label for each in apps.get_models() if read(each) in ours()]):
            yield Warning(
                f"The router {name} answers before PathRouter, for {len(taken)} models such as {taken[0]}.",
                hint="Let it return None for models that are on the primary, or remove it from DATABASE_ROUTERS.",
                id="routing.W010",
            )
        if not is_before and (read or hasattr(other, "db_for_write")):
            yield Warning(
                f"The router {name} is never asked where to read or write: PathRouter answers for every model.",
                hint="Put it before PathRouter, and let it return None for all models but its own.",
                id="routing.W005",
            )


def _check_middleware() -> Iterator[CheckMessage]:
    if GLOBAL_REQUEST in settings.MIDDLEWARE:
        yield Warning(
            "GlobalRequestMiddleware stores the request a second time, and under ASGI it breaks streaming responses.",
            hint=f"Remove {GLOBAL_REQUEST!r} from MIDDLEWARE: RoutingMiddleware does its work.",
            id="routing.W006",
        )


def _check_sessions() -> Iterator[CheckMessage]:
    engine = settings.SESSION_ENGINE.rpartition(".")[2]
    if settings.SESSION_SAVE_EVERY_REQUEST and engine in ("db", "cached_db"):
        yield Warning(
            "SESSION_SAVE_EVERY_REQUEST makes every page with a session write to the primary, and set a bookmark.",
            hint="Set it to False. Django still saves a session that changes.",
            id="routing.W003",
        )
    useless = {"cache": (LocMemCache, DummyCache), "cached_db": (LocMemCache,)}.get(engine, ())
    if useless and isinstance(caches[settings.SESSION_CACHE_ALIAS], useless):
        yield Warning(
            f"Sessions are in the cache {settings.SESSION_CACHE_ALIAS!r}, and each process has its own. "
            "Whoever logs out in one stays logged in in the others.",
            hint="Use a cache that all processes share, or the session engine 'db'.",
            id="routing.W007",
        )


def _check_caches() -> Iterator[CheckMessage]:
    for table in sorted(cache_tables()):
        yield Warning(
            f"The database table {table!r} is a cache, so pages that use it read from the primary and write to it.",
            hint="Use Redis, Memcached or files to cache readers' pages.",
            id="routing.W008",
        )


def _check_transactions() -> Iterator[CheckMessage]:
    if settings.DATABASES.get(conf().primary, {}).get("ATOMIC_REQUESTS"):
        yield Warning(
            "ATOMIC_REQUESTS runs every view in a transaction on the primary, so no page is read from a replica.",
            hint="Remove it, and use transaction.atomic() in the views that need it. Or decorate readers' views with "
            "transaction.non_atomic_requests, and silence this warning.",
            id="routing.W009",
        )
