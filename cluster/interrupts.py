"""Makes Ctrl-C wait for a safe point, so that it never falls between starting a server and knowing that it runs.

No handler raises KeyboardInterrupt: Python drops what is raised in a callback, and the Ctrl-C would be lost.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def end_at_once() -> None:
    """Let signals end this process, also where a shell started it in the background, which ignores Ctrl-C."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_DFL)


@contextmanager
def held() -> Iterator[None]:
    """Let signals wait until the block ends. Threads that start in it hold them too."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def let_in() -> None:
    """A safe point in a block of `held`. Raises KeyboardInterrupt if a signal waits; the signal stays pending."""
    if not signal.sigpending().isdisjoint(SIGNALS):
        raise KeyboardInterrupt
