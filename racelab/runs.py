"""Runs the race in a thread, one at a time on the site, and keeps what came of it where every process finds it."""

import logging
import secrets
import threading

from django.core.cache import cache
from django.db import connections

from . import controls, lease
from .dispatch import ROUTERS
from .race import Result, Round, clean_up, prepare

MAX_ROUNDS = 50
RUN = "racelab:run"
RUNNING = "racelab:running"
STOP = "racelab:stop"
KEPT = 24 * 3600  # seconds
logger = logging.getLogger("racelab")


class Busy(Exception):
    """A race is being run already."""


def start(site, routers, rounds, lags):
    """Start a race at `site`, with each replica as late as `lags` says. Raises Busy or ControlError."""
    number = secrets.token_hex(4)
    if not cache.add(RUNNING, number, 60):
        raise Busy("A race is being run. Wait for its end, or stop it.")
    try:
        for alias, seconds in lags.items():
            lease.hold(alias)
            controls.set_lag(alias, seconds)
    except controls.ControlError:
        cache.delete(RUNNING)
        raise
    run = {
        "id": number,
        "routers": [name for name in ROUTERS if name in routers],
        "rounds": rounds,
        "lags": lags,
        "state": "running",
        "message": "",
        "results": {},
    }
    cache.set(RUN, run, KEPT)
    threading.Thread(target=_run, args=[site, run], name="racelab-run", daemon=True).start()
    return run


def stop():
    """Let the race that is being run end after its present round."""
    cache.set(STOP, cache.get(RUNNING), 60)


def is_running():
    return cache.get(RUNNING) is not None


def latest():
    """Return the last race, as far as it has come; None if there was none. One that died is said to have failed."""
    run = cache.get(RUN)
    if run and run["state"] == "running" and cache.get(RUNNING) != run["id"]:
        run |= {"state": "failed", "message": "The process that ran it was stopped."}
    return run


def _run(site, run):
    results = {name: Result() for name in run["routers"]}
    story = None
    try:
        story = prepare(max(run["lags"].values(), default=0))
        # In turns, so that each router meets the same machine.
        for _ in range(run["rounds"]):
            for name, result in results.items():
                if cache.get(STOP) == run["id"]:
                    run["state"] = "stopped"
                    return
                Round(site, name, story, result).run()
                run["results"][name] = result.summary()
                cache.set(RUN, run, KEPT)
                cache.touch(RUNNING, 60)
                lease.keep()
        run["state"] = "done"
    except Exception as error:
        logger.exception("The race has failed.")
        run |= {"state": "failed", "message": str(error)}
    finally:
        if story:
            clean_up(story.slug)
        cache.set(RUN, run, KEPT)
        cache.delete(RUNNING)
        connections.close_all()
