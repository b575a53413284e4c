"""Settings: one dict, `ROUTING`. Every key is optional. README.md explains each key."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any, Literal, TypeVar

from django.conf import settings
from django.core.signals import setting_changed

T = TypeVar("T")
logger = logging.getLogger(__package__)

_forgetters: list[tuple[set[str], Callable[[], object]]] = []
_readers: list[type] = []


def forget_on_change(*names: str) -> Callable[[Callable[[], T]], Callable[[], T]]:
    """Decorate a function that clears a cache. It is called when one of these settings changes, as in tests."""

    def register(forget: Callable[[], T]) -> Callable[[], T]:
        _forgetters.append((set(names), forget))
        return forget

    return register


def kept_until_change(*names: str) -> Callable[[Callable[[], T]], Callable[[], T]]:
    """Decorate a function without arguments. Its result is cached until one of these settings changes."""

    def decorate(function: Callable[[], T]) -> Callable[[], T]:
        kept = cache(function)
        forget_on_change(*names)(kept.cache_clear)
        return kept

    return decorate


def _forget(*, setting: str, **kwargs: Any) -> None:
    for names, forget in _forgetters:
        if setting in names:
            forget()


setting_changed.connect(_forget)


def reader_of(kind: type[T]) -> Callable[[], T]:
    """Return a function that reads the fields of the dataclass `kind` from `ROUTING`: a key is a field in capitals.

    Each layer has such a dataclass for its own keys.
    """
    _readers.append(kind)

    @kept_until_change("ROUTING", "DATABASES")
    def read() -> T:
        given = {key.lower(): value for key, value in getattr(settings, "ROUTING", {}).items()}
        values = {}
        for field in fields(kind):  # type: ignore[arg-type]
            if field.name in given:
                value = given[field.name]
                is_list = "tuple" in str(field.type) and value is not None
                values[field.name] = ((value,) if isinstance(value, str) else tuple(value)) if is_list else value
        return kind(**values)

    return read


def known_keys() -> dict[str, Any]:
    """Return the type of each key of the pattern and the installed layers. `manage.py check` reports all others."""
    return {field.name.upper(): field.type for kind in _readers for field in fields(kind)}


@dataclass(frozen=True, slots=True)
class Conf:
    """The keys of the pattern."""

    primary: str = "default"
    replicas: tuple[str, ...] | None = None
    primary_paths: tuple[str, ...] = ()
    primary_models: tuple[str, ...] = ()
    unread_models: tuple[str, ...] = ()
    public_writes: Literal["repeat", "forbid", "log", "allow"] = "repeat"
    stale_saves: Literal["forbid", "log", "allow"] = "forbid"
    replica_setup: str | None = None


_read_conf = reader_of(Conf)


@dataclass(frozen=True, slots=True)
class _Complete(Conf):
    replicas: tuple[str, ...] = ()


@kept_until_change("ROUTING", "DATABASES")
def conf() -> _Complete:
    """Return the current settings. Without `REPLICAS`, the replicas are the aliases that begin with "replica"."""
    given = _read_conf()
    found = tuple(name for name in settings.DATABASES if name.startswith("replica"))
    values = {field.name: getattr(given, field.name) for field in fields(Conf)}
    return _Complete(**values | {"replicas": found if given.replicas is None else given.replicas})


def ours() -> tuple[str, ...]:
    """Return the aliases that routing decides about: the primary and its replicas."""
    return (conf().primary, *conf().replicas)
