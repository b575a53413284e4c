"""The settings of routing: one dict, `ROUTING`, of which every key is optional. README.md explains each."""

from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from django.conf import settings
from django.core.signals import setting_changed


@dataclass(frozen=True, slots=True)
class Conf:
    """`ROUTING`, with defaults filled in. The names are the dict's keys in lower case."""

    primary: str = "default"
    replicas: tuple[str, ...] = ()
    primary_paths: tuple[str, ...] | None = None
    primary_models: tuple[str, ...] = ()
    explain: bool = False
    metrics: bool = False
    public_writes: str = "forbid"
    stale_saves: str = "forbid"
    bookmark_wait: int = 50  # milliseconds
    bookmark_max_age: int = 3600  # seconds
    bookmark_cookie: str = "routing_bookmark"
    link_max_age: int = 300  # seconds
    monotonic_reads: str = "writers"
    probe_interval: float = 1.0  # seconds
    max_lag: float = 10.0  # seconds
    replica_timeout: int = 400  # milliseconds
    primary_reads: int = 4  # requests at a time


KEYS = {field.name.upper() for field in fields(Conf)}


@cache
def conf() -> Conf:
    """Return today's settings. Unknown keys are left to `manage.py check`, which names them.

    Where `REPLICAS` is not given, the replicas are the aliases whose name starts with "replica".
    """
    given: dict[str, Any] = {
        key.lower(): tuple(value) if isinstance(value, list | set) else value
        for key, value in getattr(settings, "ROUTING", {}).items()
        if key in KEYS
    }
    given.setdefault("replicas", tuple(name for name in settings.DATABASES if name.startswith("replica")))
    return Conf(**given)


def _forget(*, setting: str, **kwargs: Any) -> None:
    """Tests override settings: what was derived from them must go."""
    if setting in {"ROUTING", "DATABASES"}:
        conf.cache_clear()


setting_changed.connect(_forget)
