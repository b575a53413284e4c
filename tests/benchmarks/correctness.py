"""Part 1: what each way to route does to editors and readers, on replicas that replay late, and on a dead one."""

import importlib.metadata
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext

from cluster import faults
from tests.support.factories import EditorFactory, StoryFactory

from .contestants import CONTESTANTS
from .nodes import set_lag, wait_until_replayed
from .people import Editor, Figures, Reader
from .site import served
from .sizes import size

LAGS = size((500,), (0, 50, 500))  # milliseconds
EDITORS, READERS = 4, 2
SAVES = size(2, 6)  # of each editor, at each lag
PAGES = size(10, 60)  # of each reader, at each lag
DEAD_PAGES, DEAD_SAVES = size(10, 60), size(1, 2)


def measure(cluster):
    """Return {contestant: {lag: Figures, "dead": (readers' Figures, editors' Figures)}}; or a text: why it cannot."""
    people = [(EditorFactory(), StoryFactory(headline="Version 0")) for _ in range(EDITORS)]
    paths = ["/", *(story.get_absolute_url() for _, story in people[:2])]
    wait_until_replayed(cluster)
    found = {}
    for name, contestant in CONTESTANTS.items():
        print(f"  {contestant.label}", flush=True)
        try:
            if contestant.package:
                importlib.metadata.version(contestant.package)
            found[name] = _measure(cluster, name, contestant, people, paths)
        except (RuntimeError, importlib.metadata.PackageNotFoundError) as error:
            found[name] = f"does not run: {str(error).splitlines()[-1]}"
    return found


def _measure(cluster, name, contestant, people, paths):
    with (
        served(cluster, name, OBSERVE="1") as site,
        _remote_apply(cluster) if contestant.remote_apply else nullcontext(),
    ):
        found = {}
        for lag in LAGS:
            set_lag(cluster, lag)
            found[lag] = _work(site.port, people, paths, lag / 1000)
        set_lag(cluster, 0)
        wait_until_replayed(cluster)
        found["dead"] = _with_a_dead_replica(cluster, site.port, people, paths)
        return found


def _work(port, people, paths, lag, saves=SAVES, pages=PAGES):
    """All of them at the same time. Returns the figures of all."""
    editors = [Editor(port, *each) for each in people]
    readers = [Reader(port) for _ in range(READERS)]
    with ThreadPoolExecutor(len(editors) + len(readers)) as pool:
        jobs = [pool.submit(editor.work, saves, lag) for editor in editors]
        jobs += [pool.submit(reader.read, paths, pages) for reader in readers]
        for job in jobs:
            job.result()
    for each in (*editors, *readers):
        each.close()
    return sum((each.figures for each in (*editors, *readers)), Figures())


def _with_a_dead_replica(cluster, port, people, paths):
    """Figures of readers and of an editor, from the moment that a replica is killed."""
    reader, editor = Reader(port), Editor(port, *people[0])
    reader.read(paths, 10)  # with kept connections to both
    reader.figures = Figures()
    faults.kill(cluster, "replica1")
    try:
        reader.read(paths, DEAD_PAGES)
        editor.log_in()
        for _ in range(DEAD_SAVES):
            editor.save(0)
    finally:
        reader.close()
        editor.close()
        _let_saves_go(cluster)
        faults.start(cluster, "replica1")
        wait_until_replayed(cluster)
    return reader.figures, editor.figures


@contextmanager
def _remote_apply(cluster):
    """A commit waits until both replicas have replayed it."""
    cluster.primary.ask("ALTER SYSTEM SET synchronous_commit = 'remote_apply'")
    cluster.primary.ask("ALTER SYSTEM SET synchronous_standby_names = 'FIRST 2 (replica1, replica2)'")
    cluster.primary.ask("SELECT pg_reload_conf()")
    try:
        yield
    finally:
        _let_saves_go(cluster)
        cluster.primary.ask("ALTER SYSTEM RESET synchronous_commit")
        cluster.primary.ask("SELECT pg_reload_conf()")


def _let_saves_go(cluster):
    """With no synchronous standby, what waits for one gets through."""
    cluster.primary.ask("ALTER SYSTEM RESET synchronous_standby_names")
    cluster.primary.ask("SELECT pg_reload_conf()")
