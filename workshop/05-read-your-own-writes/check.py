"""Chapter 5: read what you have just saved, from a replica if it has it."""

import random
import time
from contextlib import contextmanager, nullcontext
from datetime import datetime

import bookmark
import psycopg2
from django.db import connections

from backoffice.models import Story
from workshop.console import doing
from workshop.lab import REPLICAS
from workshop.verdict import NotYet

SAVES = 20
PATIENCE = 2.5  # seconds; the guess is over after 2
NEAR = 2**24  # bytes, one segment of the log: more than a chapter writes
TAKE = "take() in bookmark.py"
ASK = "SELECT pg_current_wal_flush_lsn() - '0/0'::pg_lsn"


@contextmanager
def half_way(lab):
    """Another editor is in the middle of a save: written to the log in memory, not committed, not sent to anyone."""
    other = psycopg2.connect(lab.cluster.url("primary"))
    try:
        with other.cursor() as cursor:
            cursor.execute("SELECT pg_logical_emit_message(true, 'workshop', 'half a save')")
        yield
    finally:
        other.close()


def save(story, headline):
    story.headline = headline
    story.save(using="default")


def take():
    with connections["default"].cursor() as cursor:
        return bookmark.take(cursor)


def says_yes(alias, mark):
    with connections[alias].cursor() as cursor:
        return bookmark.has_replayed(cursor, mark)


def measure(lab, *keep_up, busy=False):
    """Save and read, again and again; return how many reads were stale, and how many the primary had to serve.

    `busy`: meanwhile somebody else is half way through a save.
    """
    doing(f"{SAVES} saves and reads, {' and '.join(keep_up)} keeping up{', the primary busy' if busy else ''}")
    story = lab.story()
    lab.catch_up(*keep_up)
    stale = on_primary = 0
    for number in range(SAVES):
        save(story, f"Edition {number}")
        with half_way(lab) if busy else nullcontext():
            mark = take()
            lab.catch_up(*keep_up)
            alias = next((name for name in random.sample(REPLICAS, 2) if says_yes(name, mark)), "default")
        found = Story.objects.using(alias).filter(pk=story.pk, headline=story.headline).exists()
        stale += not found
        on_primary += alias == "default"
    return stale, on_primary


def seconds_until_yes(lab):
    """Save while both stand still, and return when a replica claims to show it; None if none ever does."""
    doing("a save, while both replicas stand still: does one claim to have it?")
    with lab.standing_still():
        save(lab.story(), "Late news")
        mark, start = take(), time.monotonic()
        while time.monotonic() < start + PATIENCE:
            if says_yes("replica1", mark):
                return time.monotonic() - start
            time.sleep(0.02)
    return None


def run(lab):
    print(f"{'':28}  stale reads  reads on the primary")
    print("both replicas keep up         {:>5} of 20  {:>8} of 20".format(*measure(lab, *REPLICAS)))
    with lab.standing_still("replica1"):
        print("replica1 stands still         {:>5} of 20  {:>8} of 20".format(*measure(lab, "replica2")))
    seconds = seconds_until_yes(lab)
    claim = "none claims to show the save" if seconds is None else f"one claims to show it after {seconds:.1f} s"
    print(f"both stand still: {claim}")


def check(lab):
    lab.story()
    check_kind(mark := take())
    lab.catch_up()
    if (answer := says_yes("replica1", mark)) not in (True, False):
        raise NotYet(
            f"has_replayed() returned {answer!r}.",
            "True or False.",
            "has_replayed() in bookmark.py: compare two numbers, and return the result.",
        )
    seconds = seconds_until_yes(lab)
    if seconds is not None and seconds > 1:
        raise NotYet(
            f"both replicas stood still, and after {seconds:.1f} s has_replayed() said yes.",
            "no, for as long as they stand still: the save isn't there. No number of seconds is right.",
            f"both functions in bookmark.py: take() asks the primary where its log ends ({ASK}), has_replayed() asks "
            "the replica how far it has replayed (pg_last_wal_replay_lsn()).",
        )
    if seconds is not None:
        raise NotYet(
            "both replicas stood still, and has_replayed() said yes at once.",
            "no. They have received the save, but not replayed it, and what is received isn't visible.",
            "has_replayed() in bookmark.py: compare pg_last_wal_replay_lsn() with the bookmark, and with >=.",
        )
    (end,) = lab.cluster.primary.ask(ASK)
    if abs(int(end) - mark) > NEAR:
        raise NotYet(
            f"take() returned {mark!r}, and the primary's log ends at {end}.",
            "a position in the log, in bytes, close to its end.",
            f"{TAKE}: a time doesn't say what a replica has, however long you wait. {ASK} does.",
        )
    stale, on_primary = measure(lab, *REPLICAS)
    if stale:
        raise NotYet(
            f"both replicas kept up, and {stale} of {SAVES} reads were stale.",
            "0 stale.",
            f"{TAKE}: it has to ask the primary each time. Is an old answer kept anywhere?",
        )
    if on_primary:
        raise NotYet(
            f"both replicas kept up, and {on_primary} of {SAVES} reads went to the primary: has_replayed() said no to "
            "a replica that has it all.",
            "0 reads on the primary.",
            "has_replayed() in bookmark.py: at the bookmark is far enough: >=, not >.",
        )
    check_busy(lab)
    with lab.standing_still("replica1"):
        stale, on_primary = measure(lab, "replica2")
    if stale or on_primary:
        raise NotYet(
            f"replica1 stood still: {stale} of {SAVES} reads were stale, and {on_primary} went to the primary.",
            "0 and 0. replica2 has it all.",
            "has_replayed() in bookmark.py: it has to ask through the cursor that it gets. Each replica answers for "
            "itself.",
        )
    return f"{SAVES} saves, 0 stale, 0 reads on the primary, even with one replica still: the other one serves them"


def check_kind(mark):
    """Say at once what take() should have returned, and not a step later, where it does harm."""
    wrong = {
        type(None): "Did you forget the return? fetchone()[0] is None, too, if you ask the primary for what only a "
        "replica has, such as pg_last_wal_replay_lsn().",
        str: "Texts compare letter by letter: '0/9000000' > '0/10000000', though it is less. Subtract '0/0'::pg_lsn, "
        "and you get bytes.",
        datetime: "A time says when, not what: a replica that has replayed everything may have nothing from after "
        f"that moment, and its clock is another one. Ask for a place in the log: {ASK}.",
        tuple: "fetchone() gives a row, even of one column. The number is fetchone()[0].",
    }
    if type(mark) in wrong:
        raise NotYet(
            f"take() returned {mark!r}.", "a position in the log, as a number.", f"{TAKE}. {wrong[type(mark)]}"
        )


def check_busy(lab):
    stale, on_primary = measure(lab, *REPLICAS, busy=True)
    if stale or on_primary:
        raise NotYet(
            f"somebody else was half way through a save, and {on_primary} of {SAVES} reads went to the primary, "
            f"{stale} were stale.",
            "0 and 0. Your own save is committed, and both replicas have it.",
            f"{TAKE}: pg_current_wal_insert_lsn() also counts what is only in the primary's memory, and no replica is "
            "sent that. Ask how far the log is on disk: pg_current_wal_flush_lsn().",
        )
