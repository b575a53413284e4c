"""How far behind is a replica? The lab's one measure: the line under a page and the lab's cards both ask here.

Behind means: for how long has there been a commit that this replica has not replayed? PostgreSQL does not say. What
can be known are two bounds, by this process's own clock: for how long it has been known that there is more than the
replica has, and when what the replica has was last known to be all there was. On a quiet site the two are far apart,
so both are given. What is not known is not made up.
"""

from collections import deque
from dataclasses import dataclass
from time import monotonic
from typing import NamedTuple

# The startup process replays. What it waits for tells an idle replica from a late one where positions do not: a
# primary flushes whole pages, so that a replica may hold the first half of a record for as long as nothing is written.
_QUESTION = """
SELECT pg_is_in_recovery(), here::text, here - '0/0'::pg_lsn, heard - '0/0'::pg_lsn,
       (SELECT status = 'streaming' FROM pg_stat_wal_receiver),
       (SELECT wait_event FROM pg_stat_activity WHERE backend_type = 'startup'),
       extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()),
       extract(epoch FROM current_setting('recovery_min_apply_delay')::interval),
       CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() END
FROM (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END AS here,
             greatest(pg_last_wal_receive_lsn(), (SELECT latest_end_lsn FROM pg_stat_wal_receiver)) AS heard) AS x
"""
_EXACT = 0.3  # seconds: bounds that are closer than this are shown as one figure
_CLOSE = 0.1  # seconds: of positions that follow each other more closely, not every one is remembered


@dataclass
class Told:
    """What a node says of itself. Positions are bytes of the log; `age` is that of its last replayed commit."""

    is_replica: bool
    text: str
    position: int
    heard: int | None = None  # the newest position that a replica has heard of
    is_streaming: bool | None = None
    waits_for: str | None = None
    age: float | None = None
    delay: float = 0.0
    paused: bool | None = None


class Lag(NamedTuple):
    """Seconds behind, at least and at most. `at_most` is None if nobody can say."""

    at_least: float
    at_most: float | None
    is_cut_off: bool = False

    def __str__(self):
        if self.is_cut_off and self.at_most is None:
            return "cut off from the primary, lag not known"
        if self.at_most == 0:
            return "up to date"
        if self.at_most is None:
            return f"at least {self.at_least:.1f} s behind" if self.at_least >= 0.1 else "behind, not known how far"
        if self.at_most - self.at_least <= _EXACT:
            return f"{(self.at_least + self.at_most) / 2:.1f} s behind"
        if self.at_least < 0.1:
            return f"at most {self.at_most:.1f} s behind"
        return f"{self.at_least:.1f} to {self.at_most:.1f} s behind"


class History:
    """When was how much of the log known to be all there was? Each position with its first and its last moment."""

    def __init__(self):
        self._seen = deque(maxlen=1200)  # two minutes at least

    @property
    def newest(self):
        return self._seen[-1][0] if self._seen else 0

    def note(self, position, now, is_primary=False):
        """Note that the log ends at `position`. Only the primary may say that it ends earlier than was thought."""
        if is_primary and position < self.newest:
            self._seen.clear()  # another one was promoted
        if self._seen and position == self.newest:
            self._seen[-1][2] = now
        elif position > self.newest and not (self._seen and now - self._seen[-1][1] < _CLOSE):
            self._seen.append([position, now, now])

    def bounds(self, replayed, now):
        """Return for how long there has been more than `replayed`: at least, and at most (None if not known)."""
        seen = tuple(self._seen)
        at_least = next((now - first for position, first, _ in seen if position > replayed), 0.0)
        at_most = next((now - last for position, _, last in reversed(seen) if position <= replayed), None)
        return at_least, at_most


history = History()


def ask(connection):
    """Ask the node behind a Django connection, past Django: it is not a query of the page's."""
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.cursor() as cursor:
        cursor.execute(_QUESTION)
        is_replica, text, here, heard, streams, waits_for, age, delay, paused = cursor.fetchone()
    told = Told(is_replica, text, int(here), None if heard is None else int(heard), bool(streams), waits_for)
    told.age, told.delay, told.paused = None if age is None else max(float(age), 0.0), float(delay), paused
    now = monotonic()
    if not is_replica:
        history.note(told.position, now, is_primary=True)
    elif told.is_streaming and told.heard is not None:
        history.note(told.heard, now)
    return told


def measure(told, primary=None, now=None, known=history):
    """Return the Lag of a replica by what it `told`. `primary` is the primary's position, if that answers now."""
    now = monotonic() if now is None else now
    newest = max(told.heard or 0, told.position) if primary is None else primary
    has_heard = told.is_streaming and (told.heard or 0) >= newest
    if told.position >= newest and (told.is_streaming or primary is not None):
        return Lag(0.0, 0.0)
    if has_heard and told.waits_for == "RecoveryWalStream":  # it has replayed all that is whole
        return Lag(0.0, 0.0)
    at_least, at_most = known.bounds(told.position, now)
    if not told.is_streaming and primary is None:
        return Lag(at_least, None, is_cut_off=True)
    most = [] if at_most is None else [at_most]
    if told.age is not None:
        most.append(told.age)  # what it lacks was committed after what it has
    if told.waits_for == "RecoveryApplyDelay":
        most.append(told.delay)  # it holds a commit back, which is younger than that
    least_most = min(most, default=None)
    return Lag(at_least if least_most is None else min(at_least, least_most), least_most, not told.is_streaming)
