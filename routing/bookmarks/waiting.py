"""Waits for the replicas to catch up, before you warm a cache or tell a search engine."""

import time

from django.db import DatabaseError, InterfaceError, connections

from ..conf import conf as routing
from ..position import Position
from ..wal import fetch_flushed, fetch_replayed


class ReplicasBehind(Exception):
    """The replicas haven't replayed the position in time. The message says where each of them is."""


def wait_for_replicas(timeout: float = 30.0, any_one: bool = False) -> Position:
    """Block until every replica (with `any_one`: one of them) has replayed the primary's current position.

    `timeout` is in seconds. Returns that position. Raises ReplicasBehind when the time is up, and
    django.db.DatabaseError if the primary doesn't answer.
    """
    position = fetch_flushed()
    deadline = time.monotonic() + timeout
    behind = dict.fromkeys(routing().replicas, "not asked yet")
    pause = 0.001
    while True:
        for name in list(behind):
            state = _state(name, position)
            if state is None:
                del behind[name]
            else:
                behind[name] = state
        if not behind or (any_one and len(behind) < len(routing().replicas)):
            return position
        if time.monotonic() >= deadline:
            states = "; ".join(f"{name}: {state}" for name, state in behind.items())
            raise ReplicasBehind(f"After {timeout:g} s, not replayed to {position}: {states}.")
        time.sleep(pause)
        pause = min(pause * 2, 0.1)


def _state(name: str, position: Position) -> str | None:
    """Return None if replica `name` has replayed `position`, or else why it hasn't."""
    try:
        place = fetch_replayed(name)
    except (DatabaseError, InterfaceError) as error:
        connections[name].close()
        return str(error).strip().partition("\n")[0]
    if place is None:
        return "not a replica (it is not in recovery)"
    return None if position.is_reached_by(place.position) else f"at {place.position}"
