"""The state of the primary and of each replica, by their own account. `manage.py replication_status` prints it."""

from dataclasses import dataclass

from django.db import DatabaseError, InterfaceError, connections

from ..conf import conf
from ..position import Place
from ..wal import fetch_place


@dataclass(slots=True)
class Node:
    """One database: `bytes_behind` the primary and `seconds_behind` are None where they cannot be known."""

    alias: str
    role: str = "unreachable"
    position: str = ""
    bytes_behind: int | None = None
    seconds_behind: float | None = None
    streaming: bool | None = None
    problem: str = ""


def replication_status() -> list[Node]:
    """Ask the primary and every replica for its state. A node that does not answer is reported, not raised."""
    primary, place = _ask(conf().primary)
    if primary.role == "replica":
        primary.problem = "this is the primary's alias, but the server is a replica"
    nodes = [primary]
    for alias in conf().replicas:
        node, own = _ask(alias)
        if node.role == "primary":
            node.problem = "this is a replica's alias, but the server is a primary"
        elif own:
            _compare(node, own, place)
        nodes.append(node)
    return nodes


def _compare(node: Node, own: Place, primary: Place | None) -> None:
    """Set how far behind a replica is. Seconds count only with bytes: on an idle system every commit is old."""
    ahead = primary.position if primary else own.heard or own.position
    node.bytes_behind = max(0, ahead.lsn - own.position.lsn)
    node.seconds_behind = own.age if node.bytes_behind else 0.0
    node.streaming = own.receiver == "streaming"
    if not node.streaming:
        node.problem = "it receives no WAL from the primary"


def _ask(alias: str) -> tuple[Node, Place | None]:
    connection = connections[alias]
    if connection.vendor != "postgresql":
        return Node(alias, role=connection.vendor, problem="only PostgreSQL has streaming replication"), None
    try:
        place = fetch_place(alias)
    except (DatabaseError, InterfaceError) as error:
        connection.close()
        return Node(alias, problem=str(error).strip().partition("\n")[0]), None
    if place is None:
        return Node(alias, role="replica", problem="it does not know its position yet"), None
    position = str(place.position).partition(":")[2]
    return Node(alias, role="replica" if place.is_replica else "primary", position=position), place
