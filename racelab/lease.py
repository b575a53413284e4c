"""What the lab changes, it changes for as long as somebody looks: a lease, which each open page renews.

How a replica was before, and until when each page may hold it back, stands in a note (notes.py). A thread of the
process that changed something waits for the end of the last page's time and puts everything back. Should that process
be killed, the next one that serves a request takes over; until then nobody is there to see the replica lag.
"""

import logging
import threading
from time import monotonic, sleep, time

from django.db import DatabaseError, close_old_connections

from . import controls, notes, race

SECONDS = 90  # that a lease lasts. The page renews it every 20, but a browser lets a hidden one only once a minute
LOOK_EVERY = 5  # seconds between a process's looks at whether there is a lease that nobody watches
NOTE = "lease"  # {"pages": {a page: until when}, "before": {a replica: how it was}}
logger = logging.getLogger("racelab")
_lock = threading.Lock()
_watcher = None
_next_look = 0.0


def change(page, alias, control, *arguments):
    """Call a control on a replica for as long as `page` lasts. Raises ControlError.

    One at a time: how the replica was before is noted before anybody's change, and not after somebody else's.
    """
    with notes.changed(NOTE) as note:
        before = note.setdefault("before", {})
        if alias not in before:
            before[alias] = controls.state(alias)
        _renew(note, page)
        control(alias, *arguments)
    _watch()


def hold(page):
    """Start or renew the lease of a page."""
    with notes.changed(NOTE) as note:
        _renew(note, page)
    _watch()


def keep(page):
    """Renew the lease of a page, if there is any: a page that only looks needs none."""
    if notes.read(NOTE).get("pages"):
        hold(page)


def held():
    """Return the replicas that the lab may have changed."""
    return list(notes.read(NOTE).get("before", {}))


def look():
    """Watch a lease that a process which is no more has left. A look at a file, every few seconds."""
    global _next_look
    if monotonic() > _next_look:
        _next_look = monotonic() + LOOK_EVERY
        if notes.read(NOTE).get("pages"):
            _watch()


def release(page):
    """End the lease of a page, and put everything back if it was the last one's. Raises ControlError."""
    with notes.changed(NOTE) as note:
        note.get("pages", {}).pop(page, None)
        _put_back(note)


def _put_back(note):
    """Put everything back, unless a page still looks. What could not be put back stays noted, to be tried again."""
    pages = note.get("pages", {})
    if not note or any(until > time() for until in pages.values()):
        return
    note["pages"] = {"nobody": 0}  # until all is put back there is a lease, which is over
    failed = None
    for alias, before in list(note.get("before", {}).items()):
        try:
            controls.restore(alias, before)
            del note["before"][alias]
        except controls.ControlError as error:  # the others are put back all the same
            failed = error
    race.clean_up(race.LAB)
    if failed:
        raise failed
    note.clear()


def _renew(note, page):
    note.setdefault("pages", {})[page] = time() + SECONDS


def _watch():
    global _watcher
    with _lock:
        if _watcher is None or not _watcher.is_alive():
            _watcher = threading.Thread(target=_wait_for_the_end, name="racelab-lease", daemon=True)
            _watcher.start()


def _wait_for_the_end():
    while pages := notes.read(NOTE).get("pages"):
        if max(pages.values()) < time():
            try:
                with notes.changed(NOTE) as note:
                    _put_back(note)
            except (controls.ControlError, DatabaseError) as error:
                logger.warning("The lab cannot put everything back yet: %s", error)
                sleep(LOOK_EVERY)
            finally:
                close_old_connections()
        sleep(1)
