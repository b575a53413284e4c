"""The state of the primary and of each replica, as they say themselves. Behind `manage.py replication_status`."""

from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, InterfaceError, connections

from .conf import conf

# Seconds behind only where there are bytes behind: on an idle, healthy replica the last transaction is just old.
_STATUS = """
WITH node AS (
    SELECT pg_is_in_recovery() AS is_replica,
           CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END AS lsn
)
SELECT is_replica, lsn::text, lsn - '0/0'::pg_lsn,
       (SELECT status FROM pg_stat_wal_receiver),
       CASE WHEN is_replica THEN pg_last_wal_receive_lsn() - lsn END,
       CASE WHEN is_replica THEN extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END
FROM node
"""


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
    primary, ahead = _ask(conf().primary, None)
    if primary.role == "replica":
        primary.problem = "this is the alias of the primary, and the server is a replica"
    nodes = [primary]
    for alias in conf().replicas:
        node, _ = _ask(alias, ahead)
        if node.role == "primary":
            node.problem = "this is the alias of a replica, and the server is a primary"
        elif node.role == "replica" and not node.streaming:
            node.problem = "it receives nothing"
        nodes.append(node)
    return nodes


def _ask(alias: str, ahead: int | None) -> tuple[Node, int | None]:
    """Return a node's state and its position in bytes; `ahead` is the primary's."""
    connection = connections[alias]
    if connection.vendor != "postgresql":
        return Node(alias, role=connection.vendor, problem="only PostgreSQL replicates by streaming"), None
    try:
        with connection.cursor() as cursor:
            cursor.execute(_STATUS)
            row: Any = cursor.fetchone()
    except (DatabaseError, InterfaceError) as error:
        connection.close()
        return Node(alias, problem=str(error).strip().partition("\n")[0]), None
    is_replica, text, lsn, receiver, unreplayed, age = row
    node = Node(alias, role="replica" if is_replica else "primary", position=text)
    if is_replica:
        node.streaming = receiver == "streaming"
        node.bytes_behind = max(0, int(ahead - lsn if ahead is not None else unreplayed or 0))
        node.seconds_behind = 0.0 if not node.bytes_behind else float(age) if age is not None else None
    return node, int(lsn)
