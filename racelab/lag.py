"""How far behind is a replica, in seconds? Answered by the replica alone; the primary is not asked.

Two things are known, and each says how far behind it is *at most*: the age of the last transaction that it has
replayed, and how long ago what it has replayed now was the newest that it had received. The first is far too much on
a quiet system, where the last transaction may be hours old. So the smaller one is given, and 0 where nothing is left
to replay.
"""

from collections import defaultdict, deque
from time import monotonic

_QUESTION = """
SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn,
       greatest(pg_last_wal_receive_lsn(), (SELECT latest_end_lsn FROM pg_stat_wal_receiver)) - '0/0'::pg_lsn,
       extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())
"""
_EVERY = 0.1  # seconds between two positions that are remembered: 600 of them are a minute
_received = defaultdict(lambda: deque(maxlen=600))


def measure(alias, connection):
    """Ask the replica `alias` over `connection`, and return its lag in seconds; None if it does not say."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:  # not a query of the page
        cursor.execute(_QUESTION)
        replayed, received, age = cursor.fetchone()
    if replayed is None or received is None:
        return None
    remembered = _received[alias]
    now = monotonic()
    if not remembered or now - remembered[-1][0] > _EVERY:
        remembered.append((now, received))
    return seconds_behind(now, replayed, received, remembered, age)


def seconds_behind(now, replayed, newest, history, age):
    """Return the lag of who has replayed `replayed`, when `newest` is known to be there.

    `history` has pairs of a time and what was the newest then, the oldest first; `age` is that of the last
    transaction replayed, in seconds, or None.
    """
    if replayed >= newest:
        return 0.0
    bounds = [now - time for time, position in tuple(history) if position <= replayed][-1:]
    if age is not None:
        bounds.append(max(float(age), 0.0))
    return min(bounds, default=None)
