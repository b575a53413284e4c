"""A server is a tree of processes: kill, freeze or thaw all of it, and the server has no say in it."""

import signal
import time

import psutil


def tree(root: psutil.Process) -> list[psutil.Process]:
    """Return the postmaster, and then its children."""
    try:
        return [root, *root.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def is_frozen(root: psutil.Process) -> bool:
    """Return whether the postmaster is stopped, as SIGSTOP and `docker pause` leave it."""
    try:
        return bool(root.status() == psutil.STATUS_STOPPED)
    except psutil.NoSuchProcess:
        return False


def freeze(root: psutil.Process) -> None:
    """Stop every process (SIGSTOP). The postmaster comes first: from then on there are no new children."""
    _send(signal.SIGSTOP, [root])
    _send(signal.SIGSTOP, tree(root)[1:])


def thaw(root: psutil.Process) -> None:
    """Let every process go on (SIGCONT)."""
    _send(signal.SIGCONT, tree(root))


def kill(root: psutil.Process) -> None:
    """Kill every process (SIGKILL), and return when none runs.

    The postmaster is stopped before its children are counted, and dies before them: it must not see them die, for
    it would start others.
    """
    _send(signal.SIGSTOP, [root])
    family = tree(root)
    _send(signal.SIGKILL, family)
    while any(_runs(process) for process in family):
        time.sleep(0.001)


def _send(number: signal.Signals, processes: list[psutil.Process]) -> None:
    for process in processes:
        try:
            process.send_signal(number)
        except psutil.NoSuchProcess:
            continue


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
