"""Finds the primary among the hosts of its alias, and refuses one that has been replaced.

libpq can try a list of hosts, too. But its `target_session_attrs=read-write` accepts an old primary that was restarted
after a promotion, and writes to it would be lost. A promotion begins a new timeline, so a server on a lower timeline
than the highest seen is refused.
"""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from typing import Any
from weakref import WeakKeyDictionary

from ..position import QUESTION, Position, place_of
from ..wal import hear_of, newest_position
from .clock import hard_limit
from .watchdog import TimedOut, Wait

# The timeline of the server behind a driver's connection; None for a replica.
_timelines: WeakKeyDictionary[Any, int | None] = WeakKeyDictionary()


def each_host(params: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Give the connection parameters of each host in turn. libpq separates hosts and ports by commas."""
    hosts = str(params.get("host") or "").split(",")
    ports = str(params.get("port") or "").split(",")
    for number, host in enumerate(hosts):
        port = ports[number] if len(ports) > 1 else ports[0]
        yield {**params, **({"host": host} if host else {}), **({"port": port} if port else {})}


def connect(database: Any, make: Callable[[dict[str, Any]], Any], params: dict[str, Any]) -> Any:
    """Return a driver's connection to the primary, made by `make`. `database` is the driver's module.

    Raises the driver's OperationalError: what kept it from each host. Before anything is known of timelines all hosts
    are tried, and the highest wins.
    """
    best, problems = None, []
    for each in each_host(params):
        if best is not None and newest_position().timeline:
            break
        address = f"{each.get('host', '')}:{each.get('port', 5432)}"
        try:
            raw = make(each)
            _timelines[raw] = _fetch_timeline(raw)
        except (database.OperationalError, TimedOut) as error:
            problems.append(f"{address}: {str(error).strip()}")  # which psycopg2 does not name here
            continue
        if is_replaced(raw):
            problems.append(
                f"{address} is an old primary: it is on timeline {_timelines[raw]}, and "
                f"{newest_position().timeline} has been seen. Let it rejoin as a replica."
            )
            raw.close()
        elif best is None or (_timelines[raw] or 0) > (_timelines[best] or 0):
            if best is not None:
                best.close()
            best = raw
        else:
            raw.close()
    if best is None:
        raise database.OperationalError("; ".join(problems))
    if timeline := _timelines[best]:
        hear_of(Position(timeline, 0))
    return best


def is_replaced(raw: Any) -> bool:
    """Return whether a driver's connection leads to a primary that another has replaced. No SQL."""
    timeline = _timelines.get(raw) if raw is not None else None
    return timeline is not None and timeline < newest_position().timeline


def _fetch_timeline(raw: Any) -> int | None:
    """Ask over a new connection, which Django doesn't know yet."""
    before = raw.autocommit
    raw.autocommit = True
    with Wait(raw, seconds) if (seconds := hard_limit()) else nullcontext(), raw.cursor() as cursor:
        cursor.execute(QUESTION)
        place = place_of(cursor.fetchone())
    raw.autocommit = before
    return None if place is None or place.is_replica else place.position.timeline
