"""One thread in each process watches everyone who waits for a server, and can end a wait by shutting the socket down.

It never closes a connection: close() would wait for the thread that is inside the driver with it.
"""

import math
import os
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from weakref import WeakSet

from django.db import OperationalError

from ..driver import has_input


class TimedOut(OperationalError):
    """The server did not answer in time. The connection is closed."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the server has not answered within {seconds:g} seconds")


class Wait:
    """Wrap a statement in `with Wait(…):` to watch it. When `seconds` are over, `suspect` is called, again and again.

    Without `suspect` the socket is shut down, and TimedOut is raised.
    """

    __slots__ = ("raw", "seconds", "suspect", "until", "was_shut_down")

    def __init__(self, raw: Any, seconds: float, suspect: Callable[[], None] | None = None) -> None:
        self.raw, self.seconds, self.suspect = raw, seconds, suspect
        self.until = time.monotonic() + seconds
        self.was_shut_down = False

    def __enter__(self) -> None:
        _watchdog.add(self)

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        if self.suspect:
            _watchdog.waits.discard(self)
            return
        with _watchdog.lock:
            _watchdog.waits.discard(self)
        if self.was_shut_down:
            raise TimedOut(self.seconds) from error


class _Watchdog:
    _PAUSE = 0.2  # seconds between looks; a shorter wait asks for one

    def __init__(self) -> None:
        self.waits: set[Wait] = set()
        self.next_look = math.inf
        self.lock = threading.Lock()
        self._is_awake = False
        self._wake = threading.Event()

    def add(self, wait: Wait) -> None:
        self.waits.add(wait)
        if wait.until < self.next_look:
            with self.lock:
                if not self._is_awake:
                    self._is_awake = True
                    threading.Thread(target=self._watch, name="routing-clock", daemon=True).start()
            self._wake.set()

    def _watch(self) -> None:
        while True:
            self._wake.clear()
            self.next_look = math.inf  # a wait that begins during this look asks for another
            now = time.monotonic()
            for wait in self.waits.copy():
                if wait.until <= now:
                    self._act(wait, now)
            self.next_look = min([now + self._PAUSE, *(wait.until for wait in self.waits.copy())])
            self._wake.wait(self.next_look - time.monotonic())

    def _act(self, wait: Wait, now: float) -> None:
        if wait.suspect:
            wait.until = now + wait.seconds  # the server may freeze later
            wait.suspect()
        elif _has_answered(wait.raw):  # but its thread hasn't got around to reading it
            wait.until = now + self._PAUSE
        else:
            with self.lock:  # so that nobody's next statement is shut down
                if wait in self.waits:
                    wait.was_shut_down = True
                    self.waits.discard(wait)
                    _shut_down(wait.raw)


_watchdog = _Watchdog()
_open: dict[str, WeakSet[Any]] = {}


def _forked() -> None:
    """A child has none of its parent's threads, and must not touch its parent's connections."""
    global _watchdog
    _watchdog = _Watchdog()
    _open.clear()


os.register_at_fork(after_in_child=_forked)


def remember(alias: str, raw: Any) -> None:
    """Remember a new connection of the driver, so that it can be shut down if its server freezes."""
    _open.setdefault(alias, WeakSet()).add(raw)


def shut_down_all(alias: str) -> None:
    """End every connection of this process to a server that does not answer."""
    for raw in list(_open.get(alias, ())):
        _shut_down(raw)


def _has_answered(raw: Any) -> bool:
    with suppress(Exception):
        return has_input(raw)
    return False


def _shut_down(raw: Any) -> None:
    """End a connection while another thread is in the driver with it."""
    with suppress(Exception):  # it has ended by itself
        descriptor = raw.fileno()
        with socket.socket(fileno=os.dup(descriptor)) as same:
            if raw.fileno() == descriptor:  # the driver has not closed it meanwhile, and freed the number
                same.shutdown(socket.SHUT_RDWR)
