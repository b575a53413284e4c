"""Holds a replica back: late replay, or none. As the role `lab`, which may do just that (cluster/roles.sql)."""

import os
from contextlib import contextmanager
from time import monotonic

import psycopg2
from django.db import connections

from routing.conf import conf

from .nodes import in_plain_words

MAX_SECONDS = 10


class ControlError(Exception):
    """The replica cannot be controlled; the message names the cause and the cure."""


def alias_of(name):
    """Return `name` if it is a replica's alias. Raises ControlError."""
    if name not in conf().replicas:
        raise ControlError(f"There is no replica {name!r}. There are {', '.join(conf().replicas)}.")
    return name


def seconds(text):
    """Return the number that a form has sent. Raises ControlError."""
    try:
        return float(text)
    except ValueError:
        raise ControlError(f"{text!r} is no number of seconds.") from None


def set_lag(alias, seconds):
    """Let the replica replay every commit `seconds` late. 0 ends it."""
    if not 0 <= seconds <= MAX_SECONDS:
        raise ControlError(f"A replica can be made 0 to {MAX_SECONDS} seconds late.")
    _set_delay(alias, f"{round(seconds * 1000)}ms")


def set_paused(alias, paused):
    """Stop replay, or let it go on."""
    with _cursor(alias) as cursor:
        cursor.execute(f"SELECT pg_wal_replay_{'pause' if paused else 'resume'}()")


def state(alias):
    """Return how the replica is held back now: for restore()."""
    with _cursor(alias) as cursor:
        cursor.execute("SELECT current_setting('recovery_min_apply_delay')")
        (delay,) = cursor.fetchone()
        cursor.execute("SELECT pg_is_in_recovery() AND pg_is_wal_replay_paused()")
        (paused,) = cursor.fetchone()
    return {"delay": delay, "paused": paused}


def restore(alias, before):
    """Bring the replica back to what state() said. One that was promoted meanwhile replays nothing any more."""
    _set_delay(alias, before["delay"])
    with _cursor(alias) as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        if not cursor.fetchone()[0]:
            return
    set_paused(alias, before["paused"])


def _set_delay(alias, delay):
    with _cursor(alias) as cursor:
        if delay in ("0", "0ms"):
            cursor.execute("ALTER SYSTEM RESET recovery_min_apply_delay")
        else:
            cursor.execute("ALTER SYSTEM SET recovery_min_apply_delay = %s", [delay])
        cursor.execute("SELECT pg_reload_conf()")
        # The server reads its files a moment later. Until then state() would say how it was before.
        until = monotonic() + 2
        while monotonic() < until:
            cursor.execute("SELECT current_setting('recovery_min_apply_delay')::interval = %s::interval", [delay])
            if cursor.fetchone()[0]:
                break


@contextmanager
def _cursor(alias):
    """A connection of its own to the database postgres, where the grants are. Raises ControlError."""
    server = connections[alias].settings_dict
    try:
        connection = psycopg2.connect(
            host=server["HOST"],
            port=server["PORT"] or None,
            user="lab",
            # Where the other roles' passwords come from a file (Compose), this one's does too.
            password=os.environ.get("LAB_PASSWORD") or ("insecure-demo-only" if server["PASSWORD"] else None),
            dbname="postgres",
            connect_timeout=2,
            options="-c statement_timeout=3000",
        )
    except psycopg2.OperationalError as error:
        raise ControlError(_explain(alias, error)) from error
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            yield cursor
    except psycopg2.Error as error:
        raise ControlError(_explain(alias, error)) from error
    finally:
        connection.close()


def _explain(alias, error):
    text = str(error).strip().partition("\n")[0]
    if "authentication failed" in text or "permission denied" in text:
        return (
            f"The role lab is missing on {alias}, or may not hold it back: this cluster is older than the lab. "
            "Stop `make run` and start it again; with Docker, run "
            "`docker compose exec primary /docker-entrypoint-initdb.d/roles.sh`."
        )
    return f"{alias}: {in_plain_words(text)}."
