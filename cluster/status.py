"""Where is each node? As a table for people, or as JSON for programs."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from .errors import ClusterError
from .local import Cluster
from .node import Node

# Seconds behind only where there are bytes behind: on an idle, healthy replica the last transaction is just old.
_STATUS = """
SELECT pg_is_in_recovery(),
       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_flush_lsn() END::text,
       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END::text,
       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END - '0/0'::pg_lsn,
       (SELECT status FROM pg_stat_wal_receiver),
       CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() END,
       current_setting('recovery_min_apply_delay'),
       extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
"""


@dataclass
class Status:
    """One node. Positions are WAL positions as text; `bytes_behind` is counted from the primary's."""

    node: str
    port: int
    role: str
    streaming: bool | None = None
    written: str | None = None
    replayed: str | None = None
    bytes_behind: int | None = None
    seconds_behind: float | None = None
    replay: str | None = None


def cluster_status(cluster: Cluster) -> list[Status]:
    """Ask every node. One that does not answer has the role "down", or "frozen" if its processes are there."""
    return list(_statuses(cluster))


def _statuses(cluster: Cluster) -> Iterator[Status]:
    ahead: int | None = None
    for node in cluster.nodes.values():
        status, position = _ask(node)
        if status.role == "primary":
            ahead = position
        elif position is not None and ahead is not None:
            status.bytes_behind = max(0, ahead - position)
            status.seconds_behind = status.seconds_behind if status.bytes_behind else 0.0
        yield status


def _ask(node: Node) -> tuple[Status, int | None]:
    try:
        is_replica, written, replayed, position, receiver, pause, delay, age = node.ask(_STATUS)
    except ClusterError:
        return Status(node.name, node.port, "frozen" if node.process() else "down"), None
    if not is_replica:
        return Status(node.name, node.port, "primary", written=written), int(position)
    replay = pause if pause != "not paused" else f"delayed by {delay}" if delay != "0" else "on"
    age = None if age is None else round(float(age), 1)
    streaming = receiver == "streaming"
    return (
        Status(node.name, node.port, "replica", streaming, written, replayed, None, age, replay),
        int(position),
    )


def print_table(statuses: list[Status]) -> None:
    """Print the table."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in (
        "node",
        "role",
        "port",
        "streaming",
        "written",
        "replayed",
        "bytes behind",
        "seconds behind",
        "replay",
    ):
        table.add_column(heading, justify="right" if "behind" in heading or heading == "port" else "left")
    for status in statuses:
        table.add_row(
            status.node,
            {"down": "[red]down", "frozen": "[red]frozen", "primary": "[bold]primary"}.get(status.role, status.role),
            str(status.port),
            {True: "yes", False: "[red]no", None: ""}[status.streaming],
            status.written or "",
            status.replayed or "",
            "" if status.bytes_behind is None else f"{status.bytes_behind:,}",
            "" if status.seconds_behind is None else f"{status.seconds_behind:.1f}",
            status.replay if status.replay in ("on", None) else f"[yellow]{status.replay}",
        )
    Console(width=None if Console().is_terminal else 120).print(table)
