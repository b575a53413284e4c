"""Chapter 8: a replica is killed, a replica is frozen, and another server becomes the primary."""

import time
from contextlib import contextmanager, redirect_stderr
from io import StringIO
from threading import Timer

from django.db import DatabaseError, Error, close_old_connections, connections
from django.test import Client

from backoffice.models import Tag
from cluster.faults import freeze, kill, start, thaw
from cluster.promotion import promote, rejoin
from workshop.lab import post

PAGES, LETTERS, SAVES = 40, 20, 5
FROZEN = 3  # seconds
QUICK = 1.5  # seconds; a page that met the clock and was made again needs less


def ask(browser, method, path):
    """Open a page as a server does: broken connections are put away before each request. Return whether it came."""
    close_old_connections()
    response = getattr(browser, method)(path)
    if response.exc_info and not isinstance(response.exc_info[1], Error):
        raise response.exc_info[1]  # no database is to blame
    return response.status_code == 200


def reader():
    return Client(raise_request_exception=False)


def killed(lab):
    """Kill replica1; return how many pages fail without it, and how many letters are kept of those that are sent."""
    lab.story()
    lab.catch_up()
    tags = Tag.objects.using("default")
    kill(lab.cluster, "replica1")
    try:
        failed = sum(not ask(reader(), "get", "/newest/") for _ in range(PAGES))
        before = tags.count()
        for _ in range(LETTERS):
            ask(reader(), "post", "/letters/")
        return failed, tags.count() - before
    finally:
        start(lab.cluster, "replica1")
        lab.catch_up()


def frozen(lab):
    """Freeze replica1 for a while, and open pages; return how many, how many failed, and the slowest's seconds."""
    lab.catch_up()
    seconds, failed = [], 0
    freeze(lab.cluster, "replica1")
    end = Timer(FROZEN, thaw, [lab.cluster, "replica1"])
    end.start()
    try:
        while end.is_alive():
            begin = time.monotonic()
            failed += not ask(reader(), "get", "/newest/")
            seconds.append(time.monotonic() - begin)
    finally:
        end.join()
        lab.catch_up()
    return len(seconds), failed, max(seconds)


def primary_has_time():
    """Return whether a statement that takes longer than a page may wait comes to its end on the primary."""
    try:
        with connections["default"].cursor() as cursor:
            cursor.execute("SELECT pg_sleep(0.8)")
        return True
    except DatabaseError:
        connections["default"].close()
        return False


@contextmanager
def promoted(lab):
    """Kill the primary, let replica2 be the primary, and afterwards the old one again."""
    kill(lab.cluster, "primary")
    try:
        promote(lab.cluster, "replica2")
        yield
    finally:
        connections.close_all()
        with redirect_stderr(StringIO()):  # where a cluster tells what it does
            rejoin(lab.cluster, "primary")
            promote(lab.cluster, "primary")
            rejoin(lab.cluster, "replica2")


def saves_after_promotion(lab):
    """Save while replica2 is the primary; return how many of an editor's saves succeed."""
    story = lab.story()
    editor = lab.editor(raise_request_exception=False)
    lab.catch_up()
    saved = 0
    with promoted(lab):
        for number in range(SAVES):
            close_old_connections()
            saved += post(editor, story, f"Edition {number}").status_code == 302
    return saved


def run(lab):
    print(f"killed    {killed(lab)[0]} of {PAGES} pages failed")
    count, failed, slowest = frozen(lab)
    print(f"frozen    {FROZEN} s long: {count} pages, {failed} failed, the slowest after {slowest:.1f} s")
    print(f"promoted  {saves_after_promotion(lab)} of {SAVES} saves succeeded, with no change of settings")


def check(lab):
    failed, stored = killed(lab)
    assert not failed, (
        f"replica1 was killed, and {failed} of {PAGES} pages failed while replica2 had them all. In Again, where the "
        "page has failed: set request.replica to the other one, and call get_response once more."
    )
    assert stored <= LETTERS, (
        f"{LETTERS} letters were sent while replica1 was dead, and {stored} are kept: a POST was done a second time. "
        "Do again only what only reads: request.method == 'GET'."
    )
    count, failed, slowest = frozen(lab)
    assert slowest < QUICK, (
        f"replica1 was frozen for {FROZEN} s, and a page took {slowest:.1f} s. The kernel keeps a frozen server's "
        "sockets open, so nothing failed, and nobody tried again. Give select() 0.5 seconds in wait(), and raise "
        "psycopg2.OperationalError when they are over."
    )
    assert not failed, f"replica1 was frozen, and {failed} of {count} pages failed. A page is made again at any error."
    assert primary_has_time(), (
        "pages no longer wait for a frozen replica. But a statement of 0.8 s on the primary was cut off, too: an "
        "import or a migration may take its time. The clock is for replicas only."
    )
    saved = saves_after_promotion(lab)
    assert saved == SAVES, f"replica2 became the primary, and {saved} of {SAVES} saves succeeded. {_why()}"
    return (
        f"killed: 0 of {PAGES} pages failed; frozen: the slowest took {slowest:.1f} s; promoted: {saved} of {SAVES} "
        "saves, with no change of settings"
    )


def _why():
    if "," not in connections.settings["default"]["HOST"]:
        return (
            "PRIMARY names one server, and that one is dead. Name all three, with commas between, and "
            "?target_session_attrs=read-write at the end."
        )
    return (
        "PRIMARY names several servers, and libpq took the first that answered: a replica. Let it go on to one that "
        "takes writes: ?target_session_attrs=read-write."
    )
