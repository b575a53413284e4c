"""Runs the race in a thread, one at a time on the site, and keeps what came of it where every process finds it."""

import logging
import re
import secrets
import threading
from time import time

from django.db import DatabaseError, InterfaceError, connections

from . import controls, lease, notes
from .dispatch import ROUTERS
from .race import RaceError, Round, arrive, clean_up, prepare
from .results import Result
from .routers import WRONG
from .visitor import NoAnswer
from .witness import Nodes, PrimaryGone

MAX_ROUNDS = 50
RUNS = "runs"  # a note: {"latest": a run's id, "running": {"id", "until", "stop"}, "kept": the ids of runs}
KEPT = 20  # runs
SIGN_OF_LIFE = 60  # seconds after which a race that says nothing is taken for dead
HOLDER = "the race"  # of a lease
logger = logging.getLogger("racelab")


NO_PRIMARY = "The primary does not answer any more. What was counted until then stands."


class Busy(Exception):
    """A race is being run already, or cannot be started now."""


def start(site, routers, rounds, lags):
    """Start a race at `site`, with each replica as late as `lags` says. Raises Busy or ControlError."""
    number = secrets.token_hex(4)
    with notes.changed(RUNS) as note:
        if _is_alive(note):
            raise Busy("A race is being run. Wait for its end, or stop it.")
        note["running"] = {"id": number, "until": time() + SIGN_OF_LIFE}
    try:
        for alias, seconds in lags.items():
            if controls.state(alias)["paused"]:
                raise Busy(f"Replay is paused on {alias}, and no save would arrive there. Resume it, then race.")
            lease.change(HOLDER, alias, controls.set_lag, seconds)
    except (Busy, controls.ControlError):
        _end(number)
        raise
    names = [name for name in ROUTERS if name in routers]
    run = {"id": number, "routers": names, "rounds": rounds, "lags": lags, "state": "running", "message": ""}
    run |= {"results": {}, "histories": {}}
    with notes.changed(RUNS) as note:
        note["latest"] = number
        note["kept"] = [*note.get("kept", []), number]
        while len(note["kept"]) > KEPT:
            notes.delete(_name(note["kept"].pop(0)))
    _keep(run)
    threading.Thread(target=_run, args=[site, run], name="racelab-run", daemon=True).start()
    return run


def stop():
    """Let the race that is being run end after its present step."""
    with notes.changed(RUNS) as note:
        if "running" in note:
            note["running"]["stop"] = True


def is_running():
    return _is_alive(notes.read(RUNS))


def latest():
    """Return the last race, as far as it has come; None if there was none. One that died is said to have failed."""
    note = notes.read(RUNS)
    return find(note["latest"]) if "latest" in note else None


def find(number):
    """Return a race by its id, or None."""
    if not re.fullmatch("[0-9a-f]{8}", str(number)):
        return None
    run = notes.read(_name(number)) or None
    if run and run["state"] == "running" and not _is_alive(notes.read(RUNS), number):
        run |= {"state": "failed", "message": "The process that ran it was stopped."}
    return run


def _name(number):
    return f"run-{number}"


def _is_alive(note, number=None):
    running = note.get("running", {})
    return running.get("until", 0) > time() and number in (None, running.get("id"))


def _keep(run):
    with notes.changed(_name(run["id"])) as note:
        note.clear()
        note |= run


def _end(number):
    with notes.changed(RUNS) as note:
        if note.get("running", {}).get("id") == number:
            del note["running"]


def _may_go_on(run):
    """Give a sign of life, and return whether nobody wants the race to stop."""
    with notes.changed(RUNS) as note:
        running = note.get("running", {})
        if running.get("id") == run["id"]:
            running["until"] = time() + SIGN_OF_LIFE
    lease.hold(HOLDER)
    return not running.get("stop")


def _run(site, run):
    nodes, lag = Nodes(), max(run["lags"].values(), default=0)
    results = {name: Result() for name in run["routers"]}
    try:
        stories = nodes.call(lambda: prepare(run["routers"], lag))
        for _ in range(run["rounds"]):
            if not _round(site, run, stories, results, nodes, lag):
                run["state"] = "stopped"
                return
        run["state"] = "done"
    except (RaceError, NoAnswer, controls.ControlError) as error:
        run |= {"state": "failed", "message": str(error)}
    except (PrimaryGone, DatabaseError, InterfaceError):
        logger.warning("The race has ended: the primary does not answer.", exc_info=True)
        run |= {"state": "failed", "message": NO_PRIMARY}
    except Exception as error:
        logger.exception("The race has failed.")
        run |= {"state": "failed", "message": str(error)}
    finally:
        _keep(run)
        _end(run["id"])
        nodes.close()
        try:
            clean_up()
            lease.release(HOLDER)
        except (DatabaseError, InterfaceError, controls.ControlError):
            pass  # the lease's end tries again
        connections.close_all()


def _round(site, run, stories, results, nodes, lag):
    """Let each router play a round, in turns at each step, so that each meets the same machine and the same lag.

    Those whose saves wait for the replicas come last: the others' second look must not wait for them.
    """
    rounds = {name: Round(site, name, stories[name], result, nodes) for name, result in results.items()}
    waiting = {name: each for name, each in rounds.items() if name in WRONG and WRONG[name].waits}
    quick = {name: each for name, each in rounds.items() if name not in waiting}
    if not _step(run, rounds, results, Round.log_in):
        return False
    nodes.call(lambda: arrive(lag))
    for some in (quick, waiting):
        if not (_step(run, some, results, Round.save) and _step(run, some, results, Round.look_again)):
            return False
    return _step(run, rounds, results, Round.end)


def _step(run, rounds, results, step):
    """Let each of `rounds` do a step. Returns False if the race is to stop."""
    for name, each in rounds.items():
        if not _may_go_on(run):
            return False
        step(each)
        run["results"][name] = results[name].summary()
        if each.wrong and name not in run["histories"] and step is Round.end:
            run["histories"][name] = each.witness.events
    _keep(run)
    return True
