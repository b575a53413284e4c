"""Where is a server in the write-ahead log (WAL)? One question, one answer, one object for each replica.

Replay only moves forward, so a position stays true for as long as its server runs. A server that was restarted may be
further back, but then every connection to it broke. So what is known belongs to one run of a server, and counts only
for a thread whose open connection leads to that run.
"""

from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

from django.db import DatabaseError, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from .conf import conf, forget_on_change
from .driver import pool_of
from .layer import Noted
from .position import QUESTION, Place, Position, place_of


class Replica(Noted):
    """What this process knows of one replica. Layers keep their own part of it as a note."""

    __slots__ = ("latest", "places", "servers")

    def __init__(self) -> None:
        super().__init__()
        self.servers: WeakKeyDictionary[Any, str] = WeakKeyDictionary()  # which server a connection leads to
        self.places: dict[str, Place] = {}  # the last one of each server
        self.latest: Place | None = None  # the last one since the last new connection

    def learn(self, connection: Any, place: Place) -> None:
        """Keep what the server behind a driver's connection said."""
        self.servers[connection] = place.started
        known = self.places.get(place.started)
        if known is None:  # forget servers that nobody is connected to any more
            self.places = {each: self.places[each] for each in set(self.servers.values()) & self.places.keys()}
        if known is None or known.position.is_reached_by(place.position):
            self.places[place.started] = place
        self.latest = self.places[place.started]


_replicas: dict[str, Replica] = {}
_newest = Position(0, 0)


@forget_on_change("ROUTING", "DATABASES")
def forget_servers() -> None:
    """Forget everything that servers have said."""
    global _newest
    _replicas.clear()
    _newest = Position(0, 0)


def replica_of(alias: str) -> Replica:
    """Return what this process knows of the replica `alias`."""
    return _replicas.get(alias) or _replicas.setdefault(alias, Replica())


def newest_position() -> Position:
    """Return the furthest position of the primary that this process knows of."""
    return _newest


def hear_of(position: Position) -> None:
    """Note that the primary has been at `position`."""
    global _newest
    if position.is_ahead_of(_newest):
        _newest = position


def fetch_place(alias: str) -> Place | None:
    """Ask a server of ours where it is: a statement of its own. None if it doesn't know its timeline yet.

    Raises django.db.DatabaseError or InterfaceError if it does not answer.
    """
    with connections[alias].cursor() as cursor:
        raw = connections[alias].connection
        cursor.execute(QUESTION)
        place = place_of(cursor.fetchone())
    if place is not None:
        hear_of(place.heard or place.position)
        if place.is_replica and alias in conf().replicas:
            replica_of(alias).learn(raw, place)
    return place


def fetch_replayed(alias: str) -> Place | None:
    """Ask a replica how far it has replayed. None if it is no longer a replica. Raises as fetch_place."""
    place = fetch_place(alias)
    return place if place and place.is_replica else None


def fetch_flushed() -> Position:
    """Ask the primary for its flushed position: what was committed before is covered by it. One statement.

    Raises django.db.DatabaseError if it does not answer, or if its alias leads to a replica.
    """
    place = fetch_place(conf().primary)
    if place is None or place.is_replica:
        raise OperationalError(f"The database {conf().primary!r} is a replica now: it has no flushed position.")
    return place.position


def last_known(alias: str) -> Place | None:
    """Return the last answer of the replica that this thread is connected to, whichever thread asked. No SQL.

    With CONN_HEALTH_CHECKS Django would test the connection at the page's first query, and silently replace it. So we
    test it here, before we rely on it.
    """
    connection = connections[alias]
    connection.close_if_health_check_failed()
    known = _replicas.get(alias)
    if known is None:
        return None
    if connection.connection is None and known.servers and pool_of(connection) is not None:
        with suppress(DatabaseError, InterfaceError):
            connection.ensure_connection()  # one that may be known: a page begins with none
    if connection.connection is None:
        return None
    server = known.servers.get(connection.connection)
    return known.places.get(server) if server else None


def all_reached(position: Position) -> bool:
    """Return whether every replica is known to have replayed `position`. No SQL."""
    return all(
        (known := _replicas.get(alias)) and known.latest and position.is_reached_by(known.latest.position)
        for alias in conf().replicas
    )


def expect_new_server(*, connection: BaseDatabaseWrapper, **kwargs: Any) -> None:
    """Receive connection_created: a new connection may lead to a server that was restarted, and is further back."""
    known = _replicas.get(connection.alias)
    if known and connection.connection not in known.servers:
        known.latest = None
