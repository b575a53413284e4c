"""System checks: what a settings file can get wrong. Only `check_database` connects to a database."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.db import connections, router
from django.utils.module_loading import import_string

from .conf import KEYS, conf
from .neighbours import check_neighbours

MIDDLEWARE = "routing.middleware.RoutingMiddleware"
ROUTER = "routing.router.PathRouter"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"

CHOICES = {
    "PUBLIC_WRITES": ("forbid", "log", "allow"),
    "STALE_SAVES": ("forbid", "log", "allow"),
    "MONOTONIC_READS": ("writers", "everyone"),
}


def check_settings(**kwargs: Any) -> list[CheckMessage]:
    """Everything that can be known from the settings."""
    # Each builds on the ones before it.
    return (
        [*_check_keys()]
        or [*_check_aliases()]
        or [*_check_router(), *_check_middleware(), *_check_models(), *check_neighbours()]
        or [*_check_replicas(), *_check_clock()]
    )


def _check_keys() -> Iterator[CheckMessage]:
    given = getattr(settings, "ROUTING", {})
    for key in sorted(given.keys() - KEYS):
        yield Error(
            f"ROUTING has an unknown key {key!r}.",
            hint=f"It knows {', '.join(sorted(KEYS))}.",
            id="routing.E001",
        )
    for key, choices in CHOICES.items():
        if given.get(key, choices[0]) not in choices:
            yield Error(
                f"ROUTING[{key!r}] is {given[key]!r}.", hint=f"Choose one of {', '.join(choices)}.", id="routing.E011"
            )
    for key in ("REPLICAS", "PRIMARY_PATHS", "PRIMARY_MODELS"):
        if isinstance(given.get(key), str):
            yield Error(f"ROUTING[{key!r}] is a string.", hint=f"Make it a list: [{given[key]!r}].", id="routing.E002")


def _check_aliases() -> Iterator[CheckMessage]:
    for alias in (conf().primary, *conf().replicas):
        if alias not in settings.DATABASES:
            yield Error(
                f"ROUTING names the database {alias!r}, which DATABASES does not have.",
                hint=f"DATABASES has {', '.join(settings.DATABASES)}.",
                id="routing.E003",
            )
    if conf().primary in conf().replicas:
        yield Error(
            f"{conf().primary!r} is the primary and one of REPLICAS.",
            hint="Take it out of REPLICAS.",
            id="routing.E004",
        )
    if "REPLICAS" not in getattr(settings, "ROUTING", {}) and not conf().replicas:
        yield Warning(
            "There is no replica: everything is read from the primary.",
            hint="Name an alias in DATABASES replica1, or name your replicas in ROUTING['REPLICAS']; "
            "[] says that none is meant.",
            id="routing.W001",
        )


def _check_router() -> Iterator[CheckMessage]:
    from .router import PathRouter

    if not any(isinstance(each, PathRouter) for each in router.routers):
        yield Error(
            "PathRouter is not in DATABASE_ROUTERS: the replicas are never read.",
            hint=f"Add {ROUTER!r} to DATABASE_ROUTERS.",
            id="routing.E005",
        )


def _check_middleware() -> Iterator[CheckMessage]:
    classes = [import_string(path) for path in settings.MIDDLEWARE]
    ours = _position(classes, import_string(MIDDLEWARE))
    if ours is None:
        yield Error(
            "RoutingMiddleware is not in MIDDLEWARE: no request is ever in scope, so no replica is read.",
            hint=f"Put {MIDDLEWARE!r} first in MIDDLEWARE.",
            id="routing.E006",
        )
        return
    sessions = _position(classes, import_string(SESSIONS)) if apps.is_installed("django.contrib.sessions") else None
    if sessions is not None and sessions < ours:
        yield Error(
            "RoutingMiddleware stands below SessionMiddleware: it misses what is saved on the way out.",
            hint=f"Put {MIDDLEWARE!r} first in MIDDLEWARE.",
            id="routing.E007",
        )


def _position(classes: list[Any], wanted: type) -> int | None:
    """Return where `wanted`, or a subclass of it, stands. Middleware may also be a function."""
    for position, each in enumerate(classes):
        if isinstance(each, type) and issubclass(each, wanted):
            return position
    return None


def _check_models() -> Iterator[CheckMessage]:
    for label in conf().primary_models:
        try:
            apps.get_model(label) if "." in label else apps.get_app_config(label)
        except LookupError as error:
            yield Error(
                f"ROUTING['PRIMARY_MODELS'] names {label!r}: {error}",
                hint="Write 'app.Model', or 'app' for all models of an app.",
                id="routing.E008",
            )


def check_database(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """What only the primary knows. Runs where Django is told to connect: migrate, check --database default."""
    primary = conf().primary
    if primary not in (databases or []) or connections[primary].vendor != "postgresql":
        return []
    with connections[primary].cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        (synchronous_commit,) = cursor.fetchone()
    if synchronous_commit != "off":
        return []
    return [
        Error(
            "synchronous_commit is off: a commit returns before its WAL is flushed, so no bookmark covers it.",
            hint="Set synchronous_commit = on (or local) for this role, database or server.",
            id="routing.E012",
        )
    ]


def has_clock(aliases: Sequence[str]) -> bool:
    """Return whether the connections of these replicas can have a deadline: deadline.py is for psycopg2."""
    if not any(alias in settings.DATABASES and connections[alias].vendor == "postgresql" for alias in aliases):
        return False
    from django.db.backends.postgresql.psycopg_any import is_psycopg3

    return not is_psycopg3


def _check_clock() -> Iterator[CheckMessage]:
    if has_clock(conf().replicas):
        yield from _check_factories()
    elif conf().replica_timeout and any(connections[alias].vendor == "postgresql" for alias in conf().replicas):
        yield Warning(
            "psycopg 3 is installed, and Django prefers it: there routing has no clock for frozen replicas.",
            hint="pip uninstall psycopg, and install psycopg2. Or set ROUTING['REPLICA_TIMEOUT'] to 0: a frozen "
            "replica then holds up each page that it was chosen for.",
            id="routing.W004",
        )


def _check_factories() -> Iterator[CheckMessage]:
    from .deadline import other_factories  # which needs psycopg2

    for alias in (conf().primary, *conf().replicas):
        for key in other_factories(alias):
            yield Warning(
                f"The database {alias!r} has a {key} of its own. What may be missing: the clock for frozen servers, "
                "and the refusal of an old primary.",
                hint=f"Take it out of DATABASES[{alias!r}]['OPTIONS']. Or build on what routing/deadline.py sets "
                "there, and say so in SILENCED_SYSTEM_CHECKS.",
                id="routing.W011",
            )


def _check_replicas() -> Iterator[CheckMessage]:
    for alias in conf().replicas:
        database = settings.DATABASES[alias]
        if database.get("ATOMIC_REQUESTS"):
            yield Error(
                f"The replica {alias!r} has ATOMIC_REQUESTS: each request connects to it, even without SQL.",
                hint=f"Remove ATOMIC_REQUESTS from DATABASES[{alias!r}].",
                id="routing.E009",
            )
        if any(router.allow_migrate(alias, app.label) for app in apps.get_app_configs()):
            yield Error(
                f"The replica {alias!r} would be migrated: another router in DATABASE_ROUTERS allows it.",
                hint=f"Put {ROUTER!r} first in DATABASE_ROUTERS.",
                id="routing.E010",
            )
        if "," in str(database.get("HOST", "")):
            yield Error(
                f"The replica {alias!r} is several hosts: what one has replayed says nothing of the next.",
                hint="Give each server an alias of its own.",
                id="routing.E013",
            )
        if database.get("TEST", {}).get("MIRROR") != conf().primary:
            yield Warning(
                f"The replica {alias!r} is no test mirror: Django would try to create a test database on it.",
                hint=f'Set DATABASES[{alias!r}]["TEST"] = {{"MIRROR": {conf().primary!r}}}.',
                id="routing.W002",
            )
