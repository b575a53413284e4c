"""Writes down one round as it happens: who did what, when, which node answered, and how far each node was then.

Each node is asked by a thread of its own, and nobody waits long for one that is frozen.
"""

from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as Late
from time import perf_counter

from django.db import DatabaseError, InterfaceError, connections

from routing.conf import conf

from . import lag
from .notes import aliases

PATIENCE = 0.5  # seconds
SILENT = 3  # answers in a row that a primary must not have given, to be taken for gone


class PrimaryGone(Exception):
    """The primary does not answer."""


class Nodes:
    """Asks all nodes at once where they are in the log."""

    def __init__(self):
        self._pools = {alias: ThreadPoolExecutor(1, thread_name_prefix=f"racelab-{alias}") for alias in aliases()}
        self._asked = {}
        self._caller = ThreadPoolExecutor(1, thread_name_prefix="racelab-editor")

    def positions(self):
        """Return each node's position as text, or None if it does not answer."""
        for alias, pool in self._pools.items():
            if (
                alias not in self._asked or self._asked[alias].done()
            ):  # a frozen one has not answered the last time yet
                self._asked[alias] = pool.submit(_position, alias)
        return {alias: self._answer(alias) for alias in self._pools}

    def _answer(self, alias):
        try:
            return self._asked[alias].result(PATIENCE)
        except Late:
            return None

    def is_primary_gone(self):
        """Return whether the primary gives no answer, asked a few times."""
        return not any(self.positions()[conf().primary] for _ in range(SILENT))

    def call(self, act):
        """Call `act`, and return what it does. Raises PrimaryGone, without waiting for it to end, if that is so."""
        done = self._caller.submit(act)
        while True:
            try:
                return done.result(1)
            except Late:
                if not done.done() and self.is_primary_gone():
                    raise PrimaryGone from None

    def close(self):
        self._caller.submit(connections.close_all)
        self._caller.shutdown(wait=False)
        for alias, pool in self._pools.items():
            pool.submit(_close, alias)
            pool.shutdown(wait=False)


def _position(alias):
    try:
        return lag.ask(connections[alias]).text
    except (DatabaseError, InterfaceError):
        connections[alias].close()
        return None


def _close(alias):
    connections[alias].close()  # this thread's


class Witness:
    """The events of one round, in the order in which they happened."""

    def __init__(self, nodes):
        self.events, self._nodes, self._start = [], nodes, perf_counter()

    def sees(self, does, act, is_save=False):
        """Call `act`, which returns a page's Answer, note what came of it, and return that."""
        before = self._nodes.positions()
        at = perf_counter() - self._start
        answer = self._nodes.call(act)
        self.events.append(
            {
                "at": round(at * 1000, 1),
                "took": round(answer.milliseconds, 1),
                "does": does,
                "status": answer.status,
                "served": [list(each) for each in answer.served],
                "saw": _what_was_seen(answer),
                "is_wrong": False,
                # A save's is where the log was after it: whoever has replayed that much has the save.
                "positions": self._nodes.positions() if is_save else before,
                "is_save": is_save,
            }
        )
        return answer

    def waits(self, for_what):
        """Note that the editor has waited."""
        at = round((perf_counter() - self._start) * 1000, 1)
        self.events.append({"at": at, "does": for_what, "positions": self._nodes.positions(), "is_wait": True})

    def complains(self, why):
        """Note that the last event is one that went wrong."""
        self.events[-1] |= {"is_wrong": True, "why": why}


def _what_was_seen(answer):
    if answer.wants_login:
        return "Log in, please"
    if answer.status == 302:
        return "Saved" if "/story/" in answer.location else "Welcome"
    return answer.headline[:60] if answer.status == 200 else f"{answer.status} {answer.headline[:40]}".strip()
