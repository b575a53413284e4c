"""A place in the write-ahead log (WAL), and the one question that a server answers about its own place."""

import re
from dataclasses import dataclass, field
from typing import Any

_TEXT = re.compile(r"([0-9]{1,10}):([0-9A-F]{1,8})/([0-9A-F]{1,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Position:
    """A timeline, and a byte of its log. As text "1:0/3000060": the timeline, then PostgreSQL's pg_lsn.

    Positions of different timelines say nothing about each other.
    """

    timeline: int
    lsn: int

    def __str__(self) -> str:
        return f"{self.timeline}:{self.lsn >> 32:X}/{self.lsn & 0xFFFFFFFF:X}"

    @classmethod
    def parse(cls, text: str) -> "Position":
        """Return the position that `text` stands for. Raises ValueError if it isn't one."""
        if not (match := _TEXT.fullmatch(text)):
            raise ValueError(f"{text!r} is not a WAL position. One looks like 1:0/3000060.")
        timeline, high, low = match.groups()
        return cls(int(timeline), int(high, 16) << 32 | int(low, 16))

    def is_reached_by(self, other: "Position") -> bool:
        """Return whether `other` is on the same timeline, and here or further on."""
        return self.timeline == other.timeline and self.lsn <= other.lsn

    def is_ahead_of(self, other: "Position") -> bool:
        """Return whether this is later than `other`, in the history of a cluster that had promotions."""
        return (self.timeline, self.lsn) > (other.timeline, other.lsn)


# Nothing ever reaches it: whoever holds it reads from the primary once, and gets a new bookmark there. The later
# timeline counts, so this is the last one.
UNREACHABLE = Position(0xFFFFFFFF, 0)


# On a primary: the flushed position. The inserted one may stand past a page boundary that no replica reaches until
# something else is written. And the timeline of that position: pg_control_checkpoint() is late after a promotion.
# On a replica: what it has replayed. received_tli is NULL while nothing is received (and for roles without
# pg_read_all_stats): then the timeline that the last restartpoint had to reach.
# Subtracting makes a number of a pg_lsn: as text they do not compare.
QUESTION = """
SELECT is_replica,
       CASE WHEN is_replica
            THEN coalesce((SELECT received_tli FROM pg_stat_wal_receiver),
                          (SELECT min_recovery_end_timeline FROM pg_control_recovery()))
            ELSE ('x' || left(pg_walfile_name(lsn), 8))::bit(32)::int END,
       lsn - '0/0'::pg_lsn,
       extract(epoch FROM pg_postmaster_start_time()),
       CASE WHEN is_replica
            THEN greatest(lsn, pg_last_wal_receive_lsn(), (SELECT latest_end_lsn FROM pg_stat_wal_receiver))
            ELSE lsn END - '0/0'::pg_lsn,
       (SELECT status FROM pg_stat_wal_receiver),
       EXISTS (SELECT FROM pg_stat_wal_receiver),
       CASE WHEN is_replica THEN extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()) END
FROM (SELECT pg_is_in_recovery(),
             CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END
     ) AS server (is_replica, lsn)
"""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a server is in its log, as it said itself: what a primary has flushed, what a replica has replayed."""

    position: Position
    started: str  # when the server was started: its identity
    is_replica: bool = True
    heard: Position | None = field(default=None, compare=False)  # how far the primary is, as this server has heard
    receiver: str | None = field(default=None, compare=False)  # a replica's WAL receiver, if we may see it
    is_connected: bool = field(default=True, compare=False)  # does a replica have a receiver?
    age: float | None = field(default=None, compare=False)  # seconds since the last replayed commit was made


def place_of(row: Any) -> Place | None:
    """Return what an answer to QUESTION says."""
    is_replica, timeline, lsn, started, heard, receiver, is_connected, age = row
    if timeline is None or lsn is None:
        return None
    return Place(
        Position(timeline, int(lsn)),
        str(started),
        is_replica,
        Position(timeline, int(heard)),
        receiver,
        is_connected or not is_replica,
        None if age is None else float(age),
    )
