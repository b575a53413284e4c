"""What the lab changes, it changes for as long as somebody looks: a lease, which the open page renews.

How a replica was before, and until when the lab may hold it back, stands in the cache, which outlives a process. A
thread of the process that changed something waits for the lease's end and puts everything back. Should that process
be killed, the next one that serves a request takes over; until then nobody is there to see the replica lag.
"""

import logging
import threading
from time import monotonic, sleep, time

from django.core.cache import cache
from django.db import DatabaseError, close_old_connections

from routing.conf import conf

from . import controls, race

SECONDS = 90  # that a lease lasts. The page renews it every 20, but a browser lets a hidden one only once a minute
LOOK_EVERY = 5  # seconds between a process's looks at whether there is a lease that nobody watches
UNTIL = "racelab:until"
BEFORE = "racelab:before:{}"
logger = logging.getLogger("racelab")
_lock = threading.Lock()
_watcher = None
_next_look = 0.0


def hold(alias=None):
    """Note how the replica `alias` is before it is changed, and start or renew the lease. Raises ControlError."""
    if alias and cache.get(BEFORE.format(alias)) is None:
        cache.set(BEFORE.format(alias), controls.state(alias), None)
    cache.set(UNTIL, time() + SECONDS, None)
    _watch()


def keep():
    """Renew the lease, if there is one."""
    if cache.get(UNTIL):
        hold()


def held():
    """Return the replicas that the lab may have changed."""
    return [alias for alias in conf().replicas if cache.get(BEFORE.format(alias))]


def look():
    """Watch a lease that a process which is no more has left. A look at the cache, every few seconds."""
    global _next_look
    if monotonic() > _next_look:
        _next_look = monotonic() + LOOK_EVERY
        if cache.get(UNTIL):
            _watch()


def release():
    """Put everything back. Raises ControlError; what could not be put back stays noted."""
    for alias in held():
        controls.restore(alias, cache.get(BEFORE.format(alias)))
        cache.delete(BEFORE.format(alias))
    race.clean_up()
    cache.delete(UNTIL)


def _watch():
    global _watcher
    with _lock:
        if _watcher is None or not _watcher.is_alive():
            _watcher = threading.Thread(target=_wait_for_the_end, name="racelab-lease", daemon=True)
            _watcher.start()


def _wait_for_the_end():
    while until := cache.get(UNTIL):
        if until < time():
            try:
                release()
            except (controls.ControlError, DatabaseError) as error:
                logger.warning("The lab cannot put everything back yet: %s", error)
                sleep(LOOK_EVERY)
            finally:
                close_old_connections()
        sleep(1)
