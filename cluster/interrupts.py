"""Ctrl-C must not fall between starting a server and knowing that it runs: it waits for a safe point."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def held() -> Iterator[None]:
    """Let signals wait until the block ends, or for `let_in`. Threads that start in the block hold them too."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def let_in() -> None:
    """A safe point in a block of `held`: what waits is handled now, and may raise KeyboardInterrupt."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
