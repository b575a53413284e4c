"""Chapter 5: read what one has just saved, from a replica if it has it."""

import random
import time

import bookmark
from django.db import connections

from backoffice.models import Story
from workshop.lab import REPLICAS

SAVES = 20
PATIENCE = 2.5  # seconds; the guess is over after 2


def save(story, headline):
    """Save, and return the bookmark."""
    story.headline = headline
    story.save(using="default")
    with connections["default"].cursor() as cursor:
        return bookmark.take(cursor)


def says_yes(alias, mark):
    with connections[alias].cursor() as cursor:
        return bookmark.has_replayed(cursor, mark)


def measure(lab, *keep_up):
    """Save and read, again and again; return how many reads were stale, and how many the primary had to serve."""
    story = lab.story()
    lab.catch_up(*keep_up)
    stale = on_primary = 0
    for number in range(SAVES):
        mark = save(story, f"Edition {number}")
        lab.catch_up(*keep_up)
        alias = next((name for name in random.sample(REPLICAS, 2) if says_yes(name, mark)), "default")
        found = Story.objects.using(alias).filter(pk=story.pk, headline=story.headline).exists()
        stale += not found
        on_primary += alias == "default"
    return stale, on_primary


def seconds_until_yes(lab):
    """Save while both stand still, and return when a replica claims to show it; None if none ever does."""
    with lab.standing_still():
        mark, start = save(lab.story(), "Late news"), time.monotonic()
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
    seconds = seconds_until_yes(lab)
    assert seconds is None or seconds < 1, (
        f"both replicas stood still, and after {seconds:.1f} s has_replayed() said yes: that save is not there, and "
        "will not be. No number of seconds is right. Let take() ask the primary where its log ends: "
        "SELECT pg_current_wal_flush_lsn() - '0/0'::pg_lsn, and has_replayed() the replica: pg_last_wal_replay_lsn()."
    )
    assert seconds is None, (
        "the replicas stood still, and has_replayed() said yes at once. They have the save in their log, and have not "
        "replayed it: received is not visible. Compare with pg_last_wal_replay_lsn(), and with >=."
    )
    mark = save(lab.story(), "A number")
    assert not isinstance(mark, str), (
        f"take() returns the text {mark!r}. Texts compare letter by letter: '0/9000000' > '0/10000000', though it is "
        "less. Subtract '0/0'::pg_lsn to get bytes."
    )
    stale, on_primary = measure(lab, *REPLICAS)
    assert not stale, f"{stale} of {SAVES} reads were stale while both replicas kept up. Take the bookmark anew."
    assert not on_primary, (
        f"both replicas kept up, and {on_primary} of {SAVES} reads went to the primary: has_replayed() says no to a "
        "replica that has it all. At the bookmark is far enough: >=, not >."
    )
    with lab.standing_still("replica1"):
        stale, on_primary = measure(lab, "replica2")
    assert stale == on_primary == 0, (
        f"with replica1 still, {stale} of {SAVES} reads were stale and {on_primary} went to the primary. Each replica "
        "answers for itself."
    )
    return f"{SAVES} saves, 0 stale, 0 reads on the primary, even with one replica still: the other one serves them"
