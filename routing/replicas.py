"""What this process knows of the replicas, and which of them serves a request.

A position once learned stays true while the server lives, for replay only moves forward. A server that was
restarted may be further back; but then every connection to it broke. So what is known is forgotten with each new
connection, and is trusted only by a thread whose own connection is open.
"""

import os
import random
import threading
import time
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, InterfaceError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from .conf import conf
from .position import Position

# received_tli is NULL while nothing is received (and for roles without pg_read_all_stats): then the timeline
# that the last restartpoint had to reach. Subtracting makes a number of a pg_lsn: as text they do not compare.
_QUESTION = """
SELECT coalesce((SELECT received_tli FROM pg_stat_wal_receiver),
                (SELECT min_recovery_end_timeline FROM pg_control_recovery())),
       pg_last_wal_replay_lsn() - '0/0'::pg_lsn,
       extract(epoch FROM pg_postmaster_start_time())
WHERE pg_is_in_recovery()
"""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replica said: how far it had replayed, and when its server was started (its identity)."""

    position: Position
    started: str


class _Knowledge:
    """Of one replica, since the last new connection to it."""

    replayed: Replayed | None = None


_knowledge: dict[str, _Knowledge] = {}
_watched_by: int | None = None


def forget(*, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Receive connection_created. An answer that is still under way goes to the old, forgotten knowledge."""
    _knowledge[connection.alias] = _Knowledge()


def known(alias: str) -> Replayed | None:
    """Return the last answer of a replica, whichever thread asked; None if there is none. No SQL."""
    knowledge = _knowledge.get(alias)
    return knowledge.replayed if knowledge else None


def ask(alias: str) -> Replayed | None:
    """Ask a replica how far it has replayed, in a statement of its own. None if it is a replica no more.

    Raises django.db.DatabaseError or InterfaceError if it does not answer.
    """
    with connections[alias].cursor() as cursor:
        knowledge = _knowledge.setdefault(alias, _Knowledge())
        cursor.execute(_QUESTION)
        row = cursor.fetchone()
    if row is None or row[0] is None:
        return None
    replayed = Replayed(Position(row[0], int(row[1])), str(row[2]))
    if not (knowledge.replayed and replayed.position.is_reached_by(knowledge.replayed.position)):
        knowledge.replayed = replayed
    return replayed


def choose() -> str | None:
    """Return the alias of one replica, or None where there is none. No SQL, no connection, no lock."""
    names = conf().replicas
    if not names:
        return None
    watch()
    return random.choice(names)


def all_reached(position: Position) -> bool:
    """Return whether every replica is known to have replayed `position`. No SQL."""
    return all((replayed := known(name)) and position.is_reached_by(replayed.position) for name in conf().replicas)


def watch() -> None:
    """Start this process's watchers, one a replica, if they do not run yet (or ran before a fork)."""
    global _watched_by
    if _watched_by == os.getpid() or not conf().probe_interval:
        return
    _watched_by = os.getpid()
    for name in conf().replicas:
        threading.Thread(target=_watch, args=[name], name=f"routing-{name}", daemon=True).start()


def _watch(name: str) -> None:
    """Ask a replica again and again, so that requests need not."""
    while True:
        try:
            ask(name)
        except (DatabaseError, InterfaceError):
            connections[name].close()
        time.sleep(conf().probe_interval * random.uniform(0.8, 1.2))
