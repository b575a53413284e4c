"""Finds the primary among the hosts of its alias, and refuses one that has been replaced.

libpq tries the hosts of a list too; but `target_session_attrs=read-write` takes an old primary that was started again
after a promotion: it would collect writes that nobody else ever sees. A promotion begins a new timeline, so a lower
one than the highest seen is refused.
"""

from collections.abc import Callable, Iterator
from typing import Any

import psycopg2
from psycopg2 import extensions

from . import health
from .position import Position

_TIMELINE = "SELECT ('x' || left(pg_walfile_name(pg_current_wal_flush_lsn()), 8))::bit(32)::int"


def each_host(dsn: str) -> Iterator[str]:
    """Give the connection string of each host in turn."""
    parts = extensions.parse_dsn(dsn)
    hosts = parts.get("host", "").split(",")
    ports = parts.get("port", "").split(",")
    for number, host in enumerate(hosts):
        port = ports[number] if len(ports) > 1 else ports[0]
        yield extensions.make_dsn(**{**parts, **({"host": host} if host else {}), **({"port": port} if port else {})})


def connect(dsn: str, make: Callable[[str], Any]) -> Any:
    """Return a connection to the primary, made by `make`; `timeline` is the server's, None where it is a replica.

    Raises psycopg2.OperationalError: what kept it from each host. Before anything is known of timelines all hosts are
    tried, and the highest wins.
    """
    best, problems = None, []
    for each in each_host(dsn):
        if best and health.newest_timeline():
            break
        try:
            connection = make(each)
            connection.timeline = _timeline(connection)
        except psycopg2.OperationalError as error:
            problems.append(f"{_address(each)}: {str(error).strip()}")  # which psycopg2 does not name here
            continue
        if is_replaced(connection):
            problems.append(
                f"{_address(each)} is an old primary: it is on timeline {connection.timeline}, and "
                f"{health.newest_timeline()} has been seen. Let it rejoin as a replica."
            )
            connection.close()
        elif best is None or (connection.timeline or 0) > (best.timeline or 0):
            if best:
                best.close()
            best = connection
        else:
            connection.close()
    if best is None:
        raise psycopg2.OperationalError("; ".join(problems))
    if best.timeline:
        health.notice(Position(best.timeline, 0))
    return best


def is_replaced(connection: Any) -> bool:
    """Return whether a connection leads to a primary that another has replaced. No SQL."""
    timeline = getattr(connection, "timeline", None)
    return timeline is not None and timeline < health.newest_timeline()


def _address(dsn: str) -> str:
    parts = extensions.parse_dsn(dsn)
    return f"{parts.get('host', '')}:{parts.get('port', 5432)}"


def _timeline(connection: Any) -> int | None:
    if connection.get_parameter_status("in_hot_standby") == "on":
        return None
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(_TIMELINE)
        (timeline,) = cursor.fetchone()
    connection.autocommit = False
    return int(timeline)
