"""Limits how many readers' pages the primary makes at a time, in each process, while no replica is left.

Without a limit, losing the replicas would stop the editors, too.
"""

import threading

from django.http import HttpRequest

from .conf import conf
from .unavailable import Unavailable

_lock = threading.Lock()
_on_primary: set[int] = set()  # the requests, by id()


def enter(request: HttpRequest) -> None:
    """Let a request read from the primary. Raises Unavailable if PRIMARY_READS others already do."""
    with _lock:
        if len(_on_primary) >= conf().primary_reads and id(request) not in _on_primary:
            raise Unavailable(
                "No replica is left, and the primary is serving as many readers as PRIMARY_READS allows."
            )
        _on_primary.add(id(request))


def leave(request: HttpRequest) -> None:
    """Let others take this request's place: it is over."""
    if _on_primary:
        with _lock:
            _on_primary.discard(id(request))
