"""The nodes as they are now, for everybody who looks at the lab: one question a second to each node and process.

A thread for each node asks while somebody looks, and ends a few seconds after the last one did. A node that is
frozen keeps its thread waiting and nobody else.
"""

import threading
from collections import deque
from time import monotonic, sleep, time

from django.db import DatabaseError, InterfaceError, connections

from routing.conf import conf
from routing.survival import health

from .lag import seconds_behind

INTERVAL = 1.0  # seconds
LOOKING = 5.0  # seconds without a look that end the asking
SILENT = 3.0  # seconds after which a node counts as not answering
ROW = "race-lab-row"  # the slug of the story whose row is shown

_QUESTION = """
SELECT pg_is_in_recovery(),
       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END AS lsn,
       CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_flush_lsn() END - '0/0'::pg_lsn,
       extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp()),
       (SELECT status FROM pg_stat_wal_receiver),
       CASE WHEN pg_is_in_recovery() THEN pg_is_wal_replay_paused() END,
       extract(epoch FROM current_setting('recovery_min_apply_delay')::interval),
       (SELECT headline FROM backoffice_story WHERE slug = %s)
"""
_lock = threading.Lock()
_threads = {}
_answers = {}  # alias → (time of the answer, what it said)
_written = deque(maxlen=120)  # positions of the primary with their time: two minutes
_last_look = 0.0


def look():
    """Return what is known of every node, and see to it that it goes on being asked."""
    global _last_look
    _last_look = monotonic()
    aliases = [conf().primary, *conf().replicas]
    with _lock:
        for alias in aliases:
            if alias not in _threads or not _threads[alias].is_alive():
                _threads[alias] = threading.Thread(target=_ask_on, args=[alias], name=f"racelab-{alias}", daemon=True)
                _threads[alias].start()
    return [_node(alias) for alias in aliases]


def stop():
    """End the asking, and return when it has ended."""
    global _last_look
    _last_look = -LOOKING
    for thread in list(_threads.values()):
        thread.join()


def _ask_on(alias):
    try:
        while monotonic() - _last_look < LOOKING:
            _answers[alias] = (monotonic(), _ask(alias))
            sleep(INTERVAL)
    finally:
        connections[alias].close()


def _ask(alias):
    connection = connections[alias]
    try:
        with connection.cursor() as cursor:
            cursor.execute(_QUESTION, [ROW])
            is_replica, text, lsn, age, receiver, paused, delay, headline = cursor.fetchone()
    except (DatabaseError, InterfaceError) as error:
        connection.close()
        return {"problem": str(error).strip().partition("\n")[0]}
    lsn = int(lsn)
    node = {"role": "replica" if is_replica else "primary", "position": text, "bytes": 0, "lag": 0.0, "row": headline}
    if not is_replica:
        _written.append((monotonic(), lsn))
        return node
    newest = _written[-1][1] if _written else lsn
    lag = seconds_behind(monotonic(), lsn, newest, _written, age)
    problem = "" if receiver == "streaming" else "it receives nothing from the primary"
    return node | {
        "bytes": max(0, newest - lsn),
        "lag": None if lag is None else round(lag, 2),
        "paused": paused,
        "delay": float(delay),
        "problem": problem,
    }


def _node(alias):
    asked, answer = _answers.get(alias, (monotonic(), {}))
    if monotonic() - asked > SILENT + INTERVAL:
        answer = {"problem": f"no answer for {monotonic() - asked:.0f} s"}
    node = {"alias": alias, "time": round(time(), 2), "problem": "", **answer}
    if reason := health.problems().get(alias):
        node["problem"] = f"left out: {reason}"
    return node
