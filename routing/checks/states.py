"""What a project keeps beside the rows: the state of a session on the server, and caches that a library fills."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.module_loading import import_string

from ..conf import conf


def check_states(**kwargs: Any) -> list[CheckMessage]:
    return [*_check_setup(), *_check_tenants(), *_check_caches()]


def _check_setup() -> Iterator[CheckMessage]:
    if (path := conf().replica_setup) is None:
        return
    try:
        function = import_string(path)
    except ImportError as error:
        yield Error(
            f"ROUTING['REPLICA_SETUP'] cannot be imported: {error}",
            hint="Write the dotted path of a function (connection, request).",
            id="routing.E015",
        )
    else:
        if not callable(function):
            yield Error(
                f"ROUTING['REPLICA_SETUP'] is {path!r}, which cannot be called.",
                hint="Write the dotted path of a function (connection, request).",
                id="routing.E015",
            )


def _check_tenants() -> Iterator[CheckMessage]:
    if apps.is_installed("django_tenants") and conf().replicas and not conf().replica_setup:
        yield Warning(
            "django-tenants sets the tenant on the primary's connection alone: replicas show the rows of `public`, "
            "or none.",
            hint="Name a function in ROUTING['REPLICA_SETUP'] that sets it on theirs: APPS.md has it.",
            id="routing.W017",
        )


def _check_caches() -> Iterator[CheckMessage]:
    if apps.is_installed("cacheops") and getattr(settings, "CACHEOPS", None):
        yield Warning(
            "cacheops caches, for everybody, what it reads from replicas: what was before a save comes back after it.",
            hint="Cache in `with primary():`, or name the models of CACHEOPS in ROUTING['PRIMARY_MODELS'], and "
            "silence this.",
            id="routing.W016",
        )
