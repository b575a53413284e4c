"""Chapter 6: what the alternatives cost, on a cluster whose replica1 replays 0.5 s late."""

import time
from contextlib import contextmanager

from django.db import connections
from django.test import Client

from backoffice.models import Story
from cluster.replay import wait_until
from workshop.lab import counted, save

SAVES = 4
POSTS = 20
LATE = 0.5  # seconds


@contextmanager
def synchronous(lab, names):
    """Let commits wait until `names` (of synchronous_standby_names) have applied them."""
    ask = lab.cluster.primary.ask
    try:
        ask(f"ALTER SYSTEM SET synchronous_standby_names = '{names}'")
        ask("SELECT pg_reload_conf()")
        in_force = f"SELECT bool_and(sync_state {'<>' if names else '='} 'async') FROM pg_stat_replication"
        wait_until(lambda: ask(in_force)[0], "synchronous_standby_names")
        with connections["default"].cursor() as cursor:
            cursor.execute(f"SET synchronous_commit = {'remote_apply' if names else 'on'}")
        yield
    finally:
        with connections["default"].cursor() as cursor:
            cursor.execute("SET synchronous_commit = 'on'")
        ask("ALTER SYSTEM RESET synchronous_standby_names")
        ask("SELECT pg_reload_conf()")


def commits(lab, names):
    """Return the milliseconds of a commit, and how many reads from replica1 right after it were stale."""
    story = lab.story()
    lab.catch_up()
    spent = stale = 0
    with synchronous(lab, names):
        for number in range(SAVES):
            start = time.perf_counter()
            Story.objects.using("default").filter(pk=story.pk).update(headline=f"Edition {number}")
            spent += time.perf_counter() - start
            stale += Story.objects.using("replica1").get(pk=story.pk).headline != f"Edition {number}"
    return spent / SAVES * 1000, stale


def own_writes(lab):
    """Save in the admin and open the public page; return how often the editor saw the page from before."""
    editor, story = lab.editor(), lab.story()
    lab.catch_up()
    stale = 0
    for number in range(SAVES):
        save(editor, story, f"Edition {number}")
        stale += f"Edition {number}" not in editor.get(f"/stories/{story.slug}/").content.decode()
    return stale


def posts_on_replicas():
    with counted() as queries:
        for _ in range(POSTS):
            Client().post("/graphql/")
    return queries["replica1"] + queries["replica2"]
