"""Which replicas may be read from. Watchers (watchers.py) report; requests only look.

A replica is left out while it doesn't answer, is no longer a replica, lags more than MAX_LAG, or is much slower than
the others. It comes back once it answers and has caught up with where the others were when it answered first. If it
keeps leaving, it has to answer well more often each time before it comes back.

Lag is measured by this process's own clock: how long have we known of something that this replica hasn't replayed? On
an idle system there is nothing to replay, so nothing lags. The furthest position that any replica has heard of counts
as the primary's. So a replica whose stream is cut lags, because the others move on; with a dead primary, none does.
"""

import threading
from collections import deque
from time import monotonic

from ..conf import conf as routing
from ..conf import forget_on_change, logger
from ..layer import tell
from ..position import Place, Position
from ..wal import newest_position, replica_of
from .conf import conf

SAMPLES = 4  # questions in one look
_WINDOW = 5 * SAMPLES
_SLOW = 0.1  # seconds; nothing below it is called slow, because a busy process takes that long to read an answer
_TIMES_SLOWER = 4  # than the quickest of the others
_FORGIVEN = 60.0  # seconds in service, after which earlier absences do not count
_MOST_NEEDED = 8


class Health:
    """What is known of one replica's health."""

    def __init__(self) -> None:
        self.problem = ""  # why it is left out
        self.is_slow = False  # … and whether that is for being slow
        self.target: Position | None = None  # what it must have replayed to come back
        self.good = 0  # good answers in a row, while it is left out
        self.needed = 1
        self.returned = float("-inf")
        self.seconds: deque[float] = deque(maxlen=_WINDOW)
        self.wake = threading.Event()


_history: deque[tuple[float, Position]] = deque()  # when the newest position was found to be where
forget_on_change("ROUTING", "DATABASES")(_history.clear)


def health_of(alias: str) -> Health:
    return replica_of(alias).note(Health)


def is_fit(alias: str) -> bool:
    """Return whether a replica may be read from. No SQL, no lock."""
    return not health_of(alias).problem


def problems() -> dict[str, str]:
    """Return why each replica that is left out is left out, by alias."""
    return {alias: problem for alias in routing().replicas if (problem := health_of(alias).problem)}


def pause(alias: str) -> float:
    """Return the seconds until the next look: fewer for a replica that may come back soon."""
    return conf().probe_interval / (2 if health_of(alias).good else 1)


def lag(replayed: Position) -> float:
    """Return for how many seconds we have known of a position beyond `replayed`."""
    now, newest = monotonic(), newest_position()
    if not _history or _history[-1][1] != newest:
        _history.append((now, newest))
    while len(_history) > 1 and now - _history[1][0] > 2 * conf().max_lag:
        _history.popleft()
    return next((now - when for when, position in list(_history) if position.is_ahead_of(replayed)), 0.0)


def find_problem(alias: str, place: Place, seconds: list[float]) -> str:
    """Return why a replica at `place`, with these seconds for its answers, must be left out; "" if it needn't."""
    health = health_of(alias)
    behind = lag(place.position)
    health.seconds.extend(seconds)
    if health.problem and health.target is None:
        health.target = newest_position()
    was_slow, health.is_slow = health.is_slow, False
    if health.target and health.target.is_ahead_of(place.position):
        return f"catching up, at {place.position} of {health.target}"
    if behind > conf().max_lag:
        return f"more than {conf().max_lag:g} s behind"
    if _is_slow(alias, was_slow):
        health.is_slow = True
        return f"slow, {max(health.seconds) * 1000:.0f} ms for an answer"
    return ""


def report(alias: str, problem: str) -> None:
    """Note what a look at a replica found: a problem, or "". Logs when the replica leaves, and when it returns."""
    health = health_of(alias)
    if problem:
        health.good = 0
        if not health.problem:
            lasted = monotonic() - health.returned
            health.needed = min(_MOST_NEEDED, health.needed * 2) if lasted < _FORGIVEN else 1
            health.seconds.clear()
            logger.warning("%s is left out: %s", alias, problem, extra=_fields("replica left out", alias, problem))
            tell("replica changed", alias=alias, problem=problem)
        health.problem = problem
    elif health.problem:
        health.good += 1
        if health.good >= health.needed:
            health.problem, health.target, health.good, health.returned = "", None, 0, monotonic()
            logger.warning("%s is back", alias, extra=_fields("replica back", alias, ""))
            tell("replica changed", alias=alias, problem="")


def _fields(event: str, alias: str, problem: str) -> dict[str, str]:
    """Return the fields of a log's record. README.md names them."""
    return {"event": event, "replica": alias, "problem": problem}


def _is_slow(alias: str, was_slow: bool) -> bool:
    """Return whether a quarter of a replica's answers took far longer than the others'. (Load here slows all of them.)

    Once it is left out, all of its answers but one have to be quick again.
    """
    own = health_of(alias).seconds
    others = [health_of(other).seconds for other in routing().replicas if other != alias and is_fit(other)]
    usual = [sum(seconds) / len(seconds) for seconds in others if seconds]
    if not usual:
        return False
    limit = max(_SLOW, _TIMES_SLOWER * min(usual))
    slow = sum(each > limit for each in own)
    is_whole = len(own) == _WINDOW
    return not is_whole or slow > 1 if was_slow else is_whole and slow >= _WINDOW // 4
