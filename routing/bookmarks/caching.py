"""Cache fills that are safe on replicas.

An editor saves, the cached page is dropped, and the next reader fills the cache from a replica that has not replayed
the save: the old page stays until it expires. Here a dropped key gets a new version, named after the primary's
position, and a page is only stored under that version if it was read from a database that had reached the position.
A fill that began before the save stores under the old version, which nobody asks for any more.
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
    """Return what is cached under `key`; else what `make()` returns, and cache it for `timeout` seconds.

    Where the replica that this request reads from has not yet replayed the last `drop(key)`, the value is made,
    returned, and not cached. Costs a statement on that replica, only when the cache is to be filled.
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
    """Make what is cached under `key` unreachable. Call it after the commit: in `transaction.on_commit`.

    One statement on the primary. The cache must be one that all processes share.
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
