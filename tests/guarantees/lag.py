"""Replicas that replay late, in turns."""

import threading
from contextlib import contextmanager
from itertools import cycle


@contextmanager
def replicas_behind(cluster, one, other, every):
    """One replica replays every commit `one` seconds late, the other one `other`; swapped `every` few seconds."""
    over = threading.Event()

    def swap():
        for first, second in cycle([("replica1", "replica2"), ("replica2", "replica1")]):
            cluster.lag(first, one)
            cluster.lag(second, other)
            if over.wait(every):
                return

    swapper = threading.Thread(target=swap)
    swapper.start()
    try:
        yield
    finally:
        over.set()
        swapper.join()
        for name in ("replica1", "replica2"):
            cluster.lag(name, 0)
