"""Cache fills that are safe on replicas.

An editor saves and drops the cached page. The next reader fills the cache from a replica that hasn't replayed it,
and the old page stays until it expires. Here a dropped key gets a new version, named after the primary's position. A
value is stored under that version only if its database had reached the position. A fill that began before the save
stores under the old version, which nobody asks for any more.
"""

import secrets
from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache

from ..conf import conf as routing
from ..decision import current_decision
from ..overrides import current_override
from ..position import Position
from .bookmark import Bookmark, bookmark, is_supported
from .catching_up import catches_up

T = TypeVar("T")


def get_or_make(key: str, make: Callable[[], T], timeout: float) -> T:
    """Return what is cached under `key`. If nothing is, return `make()` and cache it for `timeout` seconds.

    The value isn't cached if it comes from a replica that hasn't replayed the last `drop(key)`. Filling the cache
    costs one statement on that replica; reading it costs none.
    """
    version = _version(key)
    versioned = f"{key}@{version}"
    value: T | None = cache.get(versioned)
    if value is None:
        may_store = _is_current(version)  # before the value is read: afterwards would be too late
        value = make()
        if may_store:
            cache.set(versioned, value, timeout)
    return value


def drop(key: str) -> None:
    """Drop what is cached under `key`. Call it after the commit, in `transaction.on_commit`.

    One statement on the primary. All processes must share the cache.
    """
    cache.set(f"{key}@", bookmark() if is_supported() else secrets.token_hex(8), None)


def _version(key: str) -> str:
    """Return the present version of `key`; a new one if the cache has lost it."""
    return str(cache.get_or_set(f"{key}@", lambda: secrets.token_hex(8), None))


def _is_current(version: str) -> bool:
    """Return whether what this code reads now is no older than `version`."""
    try:
        wanted = Bookmark(Position.parse(version))
    except ValueError:  # never dropped
        return True
    override, decision = current_override(), current_decision()
    alias = override.alias(decision) if override else decision.read() if decision else routing().primary
    if alias not in routing().replicas:
        return True
    return catches_up(alias, wanted, 0) is not None
