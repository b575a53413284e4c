"""Kills, freezes and thaws a whole server, which is a tree of processes, without asking it."""

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import psutil


def postmaster(data: Path) -> psutil.Process | None:
    """Return the server that runs in this data folder, or None.

    The number in its pid file is no proof: another server may have it by now, and a copy of the folder has the
    original's. What proves it is that the process works in this very folder.
    """
    try:
        process = psutil.Process(int(_pid_file(data)[0]))
        is_server = "postgres" in process.name() and process.status() != psutil.STATUS_ZOMBIE
        return process if is_server and os.path.samefile(_works_in(process), data) else None
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        return None


def postmaster_port(data: Path) -> int | None:
    """Return the port in the pid file of a data folder."""
    try:
        return int(_pid_file(data)[3])
    except (OSError, ValueError, IndexError):
        return None


def _pid_file(data: Path) -> list[str]:
    return (data / "postmaster.pid").read_text().splitlines()


def _works_in(process: psutil.Process) -> str:
    try:
        return process.cwd()  # a server goes to its data folder when it starts
    except psutil.AccessDenied:  # root in a container may not ask for another user's
        words = process.cmdline()
        return words[words.index("-D") + 1]


def end(process: psutil.Process, number: signal.Signals, seconds: float) -> None:
    """Send a signal, and wait until the process has ended, or `seconds` are over."""
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)
    deadline = time.monotonic() + seconds
    while _runs(process) and time.monotonic() < deadline:
        time.sleep(0.005)


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
    """Let every process continue (SIGCONT)."""
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
