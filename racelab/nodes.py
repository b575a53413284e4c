"""The nodes as they are now, for everybody who looks at the lab: a few questions a second to each node and process.

A thread for each node asks while somebody looks, and ends a few seconds after the last one did. A node that is
frozen keeps its thread waiting and nobody else.
"""

import threading
from time import monotonic, sleep, time

from django.db import DatabaseError, InterfaceError, connections

from routing.conf import conf
from routing.survival import health

from . import lag

INTERVAL = 0.25  # seconds: as exact as a lag can be
LOOKING = 5.0  # seconds without a look that end the asking
SILENT = 2.0  # seconds after which a node counts as not answering
ROW = "race-lab-row"  # the slug of the story whose row is shown

_lock = threading.Lock()
_threads = {}
_answers = {}  # alias → (time of the answer, what it said)
_last_look = 0.0


def look():
    """Return what is known of every node, and see to it that it goes on being asked."""
    global _last_look
    _last_look = monotonic()
    aliases = [conf().primary, *conf().replicas]
    with _lock:
        for alias in aliases:
            if alias not in _threads or not _threads[alias].is_alive():
                _answers.pop(alias, None)  # from when somebody looked the last time
                _threads[alias] = threading.Thread(target=_ask_on, args=[alias], name=f"racelab-{alias}", daemon=True)
                _threads[alias].start()
    return [_node(alias) for alias in aliases]


def stop():
    """End the asking, and return when it has ended."""
    global _last_look
    _last_look = -LOOKING
    for thread in list(_threads.values()):
        thread.join()


def in_plain_words(text):
    """Return what a driver's error comes down to: its own words name files, sockets and users."""
    if "refused" in text or "No such file" in text:
        return "stopped: nothing listens on its port"
    if "timeout" in text or "timed out" in text or "not answered" in text:
        return "frozen, or cut off: no answer"
    if "starting up" in text or "not accepting" in text or "not yet accepting" in text:
        return "starting"
    if "read-write" in text or "is in hot standby" in text or "read-only" in text:
        return "stopped: no server takes writes"
    return "no answer"


def _ask_on(alias):
    asked = monotonic()
    _answers[alias] = (asked, {})
    try:
        while monotonic() - _last_look < LOOKING:
            _answers[alias] = (monotonic(), _ask(alias))
            sleep(INTERVAL)
    finally:
        connections[alias].close()


def _ask(alias):
    connection = connections[alias]
    try:
        told = lag.ask(connection)
        with connection.cursor() as cursor:
            cursor.execute("SELECT headline FROM backoffice_story WHERE slug = %s", [ROW])
            row = (cursor.fetchone() or [None])[0]
    except (DatabaseError, InterfaceError) as error:
        connection.close()
        return {"problem": in_plain_words(str(error))}
    return {"told": told, "row": row}


def _node(alias):
    """Return what the page shows of a node: without a role, it does not answer."""
    asked, answer = _answers.get(alias, (monotonic(), {}))
    node = {"alias": alias, "time": round(time(), 2), "problem": answer.get("problem", "")}
    silent = monotonic() - asked
    if silent > SILENT:
        node["problem"] = f"frozen, or cut off: no answer for {silent:.0f} s"
    elif told := answer.get("told"):
        node |= {
            "role": "replica" if told.is_replica else "primary",
            "position": told.text,
            "row": answer["row"],
            **(_replica(told) if told.is_replica else {}),
        }
    if (reason := health.problems().get(alias)) and not node["problem"]:
        why = in_plain_words(reason) if reason.startswith("no answer") else reason
        node["problem"] = f"left out: {why}"
    return node


def _replica(told):
    primary = _position_of_the_primary()
    behind = lag.measure(told, primary)
    newest = max(told.heard or 0, told.position) if primary is None else primary
    unread = None if behind.is_cut_off and primary is None else newest - told.position
    return {
        "behind": "lag not known" if behind.is_cut_off and behind.at_most is None else str(behind),
        "lag": None if behind.at_most is None else [round(behind.at_least, 2), round(behind.at_most, 2)],
        "bytes": 0 if behind.at_most == 0 else unread,
        "paused": told.paused,
        "delay": told.delay,
        "problem": "" if told.is_streaming else "cut off: it receives nothing from the primary",
    }


def _position_of_the_primary():
    """Return where the primary is, if it has just said so."""
    asked, answer = _answers.get(conf().primary, (0.0, {}))
    told = answer.get("told")
    return told.position if told and not told.is_replica and monotonic() - asked <= SILENT else None
