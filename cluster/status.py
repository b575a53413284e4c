"""Shows where each node is, as a table for people or as JSON for programs."""

from collections.abc import Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from . import processes
from .errors import ClusterError
from .local import Cluster
from .node import Node

# What the startup process waits for tells an idle replica from a late one where positions do not: a primary flushes
# whole pages, so that a replica may hold the first half of a record for as long as nothing is written.
_STATUS = """
SELECT pg_is_in_recovery(),
       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_receive_lsn() ELSE pg_current_wal_flush_lsn() END::text,
       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() END::text,
       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END - '0/0'::pg_lsn,
       pg_last_wal_receive_lsn() - '0/0'::pg_lsn,
       (SELECT status FROM pg_stat_wal_receiver),
       CASE WHEN pg_is_in_recovery() THEN pg_get_wal_replay_pause_state() END,
       current_setting('recovery_min_apply_delay'),
       extract(epoch FROM current_setting('recovery_min_apply_delay')::interval),
       (SELECT wait_event FROM pg_stat_activity WHERE backend_type = 'startup'),
       extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
"""


STYLES = {"down": "[red]", "frozen": "[red]", "no answer": "[red]", "primary": "[bold]"}


@dataclass
class Status:
    """One node. Positions are WAL positions as text; `bytes_behind` is counted from the primary's.

    `seconds_behind` is at most so many: a single look cannot tell since when there has been more to replay. It is
    None where not even that is known, because the replica receives nothing.
    """

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
    """Ask every node, on the port that it really has.

    One without a process has the role "down", one whose processes are stopped "frozen", and one that runs and does
    not answer, as while it starts, "no answer".
    """
    return list(_statuses(cluster))


def _statuses(cluster: Cluster) -> Iterator[Status]:
    leader = cluster.primary
    ahead: int | None = None
    found = {}
    for node in sorted(cluster.nodes.values(), key=lambda node: node is not leader):  # the primary first
        found[node.name], position = _ask(node, ahead)
        if found[node.name].role == "primary":
            ahead = position
    return (found[name] for name in cluster.nodes)


def _ask(node: Node, ahead: int | None) -> tuple[Status, int | None]:
    process, port = node.process(), _port(node)
    if process is None or processes.is_frozen(process):
        return Status(node.name, port, "frozen" if process else "down"), None
    try:
        row = Node(node.name, port, node.programs).ask(_STATUS)
    except ClusterError:
        return Status(node.name, port, "no answer"), None
    is_replica, written, replayed, position, received, receiver, pause, delay, delay_seconds, waits_for, age = row
    if not is_replica:
        return Status(node.name, port, "primary", written=written), int(position)
    replay = pause if pause != "not paused" else f"delayed by {delay}" if delay != "0" else "on"
    status = Status(node.name, port, "replica", receiver == "streaming", written, replayed, replay=replay)
    if ahead is not None:
        has_all = received is not None and int(received) >= ahead and waits_for == "RecoveryWalStream"
        status.bytes_behind = 0 if has_all else max(0, ahead - int(position))
    if status.bytes_behind == 0:
        status.seconds_behind = 0.0
    elif status.streaming and age is not None:
        most = min(age, delay_seconds) if waits_for == "RecoveryApplyDelay" else age
        status.seconds_behind = round(max(float(most), 0.0), 1)
    return status, int(position)


def _port(node: Node) -> int:
    """Return the port on which the folder's server listens, if it runs: it may have been started with another."""
    try:
        return int((node.data / "postmaster.pid").read_text().splitlines()[3]) if node.process() else node.port
    except (OSError, ValueError, IndexError):  # it is starting, or stopping
        return node.port


def _seconds(status: Status) -> str:
    if status.role != "replica":
        return ""
    if status.seconds_behind is None:
        return "not known"
    return f"{'≤ ' if status.seconds_behind else ''}{status.seconds_behind:.1f}"


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
            f"{STYLES.get(status.role, '')}{status.role}",
            str(status.port),
            {True: "yes", False: "[red]no", None: ""}[status.streaming],
            status.written or "",
            status.replayed or "",
            "" if status.bytes_behind is None else f"{status.bytes_behind:,}",
            _seconds(status),
            status.replay if status.replay in ("on", None) else f"[yellow]{status.replay}",
        )
    Console(width=None if Console().is_terminal else 120).print(table)
