"""Checks `ROUTING` itself. No check connects to a database, and none hides another."""

from collections.abc import Iterator
from typing import Any, get_args

from django.apps import apps
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning

from ..conf import conf, known_keys, ours


def check_settings(**kwargs: Any) -> list[CheckMessage]:
    return [*_check_keys(), *_check_values(), *_check_aliases(), *_check_models()]


def _given() -> dict[str, Any]:
    return getattr(settings, "ROUTING", {})


def _check_keys() -> Iterator[CheckMessage]:
    for key in sorted(_given().keys() - known_keys().keys()):
        yield Error(
            f"ROUTING has an unknown key {key!r}.",
            hint=f"Known keys: {', '.join(sorted(known_keys()))}. For a layer's keys, add it to INSTALLED_APPS.",
            id="routing.E001",
        )


def _check_values() -> Iterator[CheckMessage]:
    for key, kind in known_keys().items():
        if key not in _given():
            continue
        value, choices = _given()[key], get_args(kind)
        if choices and all(isinstance(each, str) for each in choices):
            if value not in choices:
                yield Error(
                    f"ROUTING[{key!r}] is {value!r}.", hint=f"Choose one of {', '.join(choices)}.", id="routing.E011"
                )
        elif isinstance(value, str) and "tuple" in str(kind):
            yield Error(f"ROUTING[{key!r}] is a string.", hint=f"Make it a list: [{value!r}].", id="routing.E002")


def _check_aliases() -> Iterator[CheckMessage]:
    for alias in ours():
        if alias not in settings.DATABASES:
            yield Error(
                f"ROUTING names the database {alias!r}, which DATABASES does not have.",
                hint=f"DATABASES has {', '.join(settings.DATABASES)}.",
                id="routing.E003",
            )
    if conf().primary in conf().replicas:
        yield Error(
            f"ROUTING['REPLICAS'] contains {conf().primary!r}, which is the primary.",
            hint="Take it out of REPLICAS.",
            id="routing.E004",
        )
    if "REPLICAS" not in _given() and not conf().replicas:
        yield Warning(
            "There is no replica, so everything is read from the primary.",
            hint="Call an alias in DATABASES replica1, or list your replicas in ROUTING['REPLICAS']. "
            "If you have none on purpose, set it to [].",
            id="routing.W001",
        )


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
