"""What this process knows of the replicas, and which of them serves a request. Which are fit to: health.py.

A position once learned stays true while the server lives, for replay only moves forward. A server that was
restarted may be further back; but then every connection to it broke. So what is known is forgotten with each new
connection, and is trusted only by a thread whose own connection is open.
"""

import os
import random
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from django.db import DatabaseError, InterfaceError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from . import health
from .conf import conf
from .position import Position

# received_tli is NULL while nothing is received (and for roles without pg_read_all_stats): then the timeline
# that the last restartpoint had to reach. Subtracting makes a number of a pg_lsn: as text they do not compare.
_QUESTION = """
SELECT coalesce((SELECT received_tli FROM pg_stat_wal_receiver),
                (SELECT min_recovery_end_timeline FROM pg_control_recovery())),
       pg_last_wal_replay_lsn() - '0/0'::pg_lsn,
       extract(epoch FROM pg_postmaster_start_time()),
       greatest(pg_last_wal_replay_lsn(), pg_last_wal_receive_lsn(),
                (SELECT latest_end_lsn FROM pg_stat_wal_receiver)) - '0/0'::pg_lsn,
       EXISTS (SELECT FROM pg_stat_wal_receiver)
WHERE pg_is_in_recovery()
"""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a replica said: how far it had replayed, and when its server was started (its identity).

    And, of the primary: how far it has come, as far as the replica has heard, and whether they are connected.
    """

    position: Position
    started: str
    heard: Position | None = field(default=None, compare=False)
    is_connected: bool = field(default=True, compare=False)


class _Knowledge:
    """Of one replica, since the last new connection to it."""

    replayed: Replayed | None = None


_knowledge: dict[str, _Knowledge] = {}
_watched_by: int | None = None
_WATCHER = "routing-"


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
    heard = Position(row[0], int(row[3]))
    health.notice(heard)
    replayed = Replayed(Position(row[0], int(row[1])), str(row[2]), heard, row[4])
    if not (knowledge.replayed and replayed.position.is_reached_by(knowledge.replayed.position)):
        knowledge.replayed = replayed
    return replayed


def choose(excluded: Collection[str] = (), any_will_do: bool = False) -> str | None:
    """Return the alias of one replica, or None where there is none. No SQL, no connection, no lock.

    It is none of `excluded`, and fit to be read from; with `any_will_do`, one that is not fit if there is no other.
    """
    watch()
    names = [name for name in conf().replicas if name not in excluded]
    fit = [name for name in names if health.is_fit(name)] or (names if any_will_do else [])
    return random.choice(fit) if fit else None


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
        if connections[name].vendor == "postgresql":
            threading.Thread(target=_watch, args=[name], name=f"{_WATCHER}{name}", daemon=True).start()


def is_watcher() -> bool:
    """Return whether this thread is a watcher. One must not hang on a server that does not answer."""
    return threading.current_thread().name.startswith(_WATCHER)


def _watch(name: str) -> None:
    """Look at a replica again and again, so that requests need not."""
    wake = health.state(name).wake
    while True:
        wake.clear()
        health.report(name, look(name))
        wake.wait(health.pause(name) * random.uniform(0.8, 1.2))


def look(name: str) -> str:
    """Ask a replica a few times, and return what keeps it from being read, or ""."""
    seconds: list[float] = []
    while True:
        start = time.perf_counter()
        try:
            replayed = ask(name)
        except (DatabaseError, InterfaceError) as error:
            connections[name].close()
            return f"no answer: {str(error).strip().partition(chr(10))[0]}"
        seconds.append(time.perf_counter() - start)
        if replayed is None:
            return "it is no replica: it takes writes"
        if len(seconds) == health.SAMPLES:
            break
        time.sleep(random.uniform(0.02, 0.03))  # apart, for a server that stutters answers quickly in between
    if not replayed.is_connected:
        _ask_the_primary()
    return health.judge(name, replayed.position, seconds)


def _ask_the_primary() -> None:
    """Learn where the primary is, for a replica whose stream is cut does not. If it is the primary that is gone,
    no replica is behind anybody.
    """
    from .bookmarks import flushed  # which builds on this module

    try:
        health.notice(flushed())
    except (DatabaseError, InterfaceError):
        pass
    finally:
        connections[conf().primary].close()
