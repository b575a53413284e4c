"""Which replicas are fit to be read from. Watchers (replicas.py) report; requests only look.

A replica is left out while it does not answer, is a replica no more, lags more than MAX_LAG, or is much slower than
the others. It comes back when it answers again and has what the others had at that moment; one that leaves again
and again has to answer well more often each time.

Lag is measured by this process's own clock: how long ago was it known that there is something that this replica has
not replayed yet? On an idle system there is no such thing, so nothing lags. Where the primary is: as far as any
replica has heard of it. Of a cut-off stream, and of a dead primary, the former shows, for the others go on.
"""

import logging
import threading
from collections import deque
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from django.core.signals import setting_changed

from .conf import conf
from .position import Position
from .signals import replica_changed

logger = logging.getLogger("routing")

SAMPLES = 4  # questions in one look
_WINDOW = 5 * SAMPLES
_SLOW = 0.01  # seconds; below it nothing is called slow
_TIMES_SLOWER = 4  # than the quickest of the others
_CALLED_SLOW = "slow"
_FORGIVEN = 60.0  # seconds in service, after which earlier absences do not count
_MOST_NEEDED = 8


@dataclass
class _State:
    problem: str = ""  # why it is left out
    is_suspect: bool = False  # a request had trouble, and a watcher is to look
    target: Position | None = None  # what it must have replayed to come back
    good: int = 0  # good answers in a row, while it is left out
    needed: int = 1
    returned: float = float("-inf")
    seconds: deque[float] = field(default_factory=lambda: deque(maxlen=_WINDOW))
    wake: threading.Event = field(default_factory=threading.Event)


_states: dict[str, _State] = {}
_newest = Position(0, 0)
_history: deque[tuple[float, Position]] = deque()  # when _newest was found to be where


def state(name: str) -> _State:
    return _states.setdefault(name, _State())


def is_fit(name: str) -> bool:
    """Return whether replica `name` may be read from. No SQL, no lock."""
    known = _states.get(name)
    return known is None or not (known.problem or known.is_suspect)


def problems() -> dict[str, str]:
    """Return why each replica that is left out is, by alias."""
    return {name: known.problem for name, known in _states.items() if known.problem}


def suspect(name: str) -> None:
    """Leave replica `name` out until its watcher has looked at it, which it does at once."""
    if conf().probe_interval:
        state(name).is_suspect = True
        state(name).wake.set()


def pause(name: str) -> float:
    """Return the seconds until the next look: sooner at one that may come back."""
    return conf().probe_interval / (2 if state(name).good else 1)


def notice(position: Position) -> None:
    """Take note that the primary has been at `position`."""
    global _newest
    if (position.timeline, position.lsn) > (_newest.timeline, _newest.lsn):
        _newest = position


def newest_timeline() -> int:
    """Return the highest timeline that this process has heard of; 0 if it has heard of none."""
    return _newest.timeline


def lag(replayed: Position) -> float:
    """Return for how many seconds, as far as is known, there has been more than `replayed`."""
    now = monotonic()
    if not _history or _history[-1][1] != _newest:
        _history.append((now, _newest))
    while len(_history) > 1 and now - _history[1][0] > 2 * conf().max_lag:
        _history.popleft()
    return next((now - when for when, position in list(_history) if _is_ahead(position, replayed)), 0.0)


def judge(name: str, replayed: Position, seconds: list[float]) -> str:
    """Return what keeps replica `name` out, which has replayed that much and took so long for each answer; or ""."""
    known = state(name)
    behind = lag(replayed)
    known.seconds.extend(seconds)
    if known.problem and known.target is None:
        known.target = _newest
    if known.target and _is_ahead(known.target, replayed):
        return f"catching up, at {replayed} of {known.target}"
    if behind > conf().max_lag:
        return f"more than {conf().max_lag:g} s behind"
    if _is_slow(name):
        return f"{_CALLED_SLOW}, {max(known.seconds) * 1000:.0f} ms for an answer"
    return ""


def report(name: str, problem: str) -> None:
    """Take note of a look at replica `name`: what keeps it out, or "". Logs when it leaves, and when it returns."""
    known = state(name)
    if problem:
        known.good = 0
        if not known.problem:
            lasted = monotonic() - known.returned
            known.needed = min(_MOST_NEEDED, known.needed * 2) if lasted < _FORGIVEN else 1
            known.seconds.clear()
            logger.warning("%s is left out: %s", name, problem, extra=_fields("replica left out", name, problem))
            replica_changed.send(None, alias=name, problem=problem)
        known.problem = problem
    elif known.problem:
        known.good += 1
        if known.good >= known.needed:
            known.problem, known.target, known.good, known.returned = "", None, 0, monotonic()
            logger.warning("%s is back", name, extra=_fields("replica back", name, ""))
            replica_changed.send(None, alias=name, problem="")
    known.is_suspect = False


def _fields(event: str, name: str, problem: str) -> dict[str, str]:
    """Return the fields of a log's record. README.md names them."""
    return {"event": event, "replica": name, "problem": problem}


def _is_ahead(one: Position, other: Position) -> bool:
    return (one.timeline, one.lsn) > (other.timeline, other.lsn)


def _is_slow(name: str) -> bool:
    """Return whether a quarter of its answers took far longer than the others' do: load here slows all of them.

    Once it is left out, all but one of as many answers have to be quick again.
    """
    known = state(name)
    others = [state(other).seconds for other in conf().replicas if other != name and is_fit(other)]
    usual = [sum(seconds) / len(seconds) for seconds in others if seconds]
    if not usual:
        return False
    limit = max(_SLOW, _TIMES_SLOWER * min(usual))
    slow = sum(each > limit for each in known.seconds)
    is_whole = len(known.seconds) == _WINDOW
    return not is_whole or slow > 1 if known.problem.startswith(_CALLED_SLOW) else is_whole and slow >= _WINDOW // 4


def _forget(*, setting: str, **kwargs: Any) -> None:
    global _newest
    if setting in {"ROUTING", "DATABASES"}:
        _states.clear()
        _history.clear()
        _newest = Position(0, 0)


setting_changed.connect(_forget)
