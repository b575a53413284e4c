"""Which `python -m cluster run` has a cluster, and what it runs beside it: found again when the run was killed."""

import fcntl
import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TextIO

import psutil

from . import processes
from .folder import Folder, say

NAME = "run"


@contextmanager
def of(folder: Folder) -> Iterator["Record | None"]:
    """Give this run's record, or None if another run has the cluster. The lock goes with the process that has it."""
    folder.make()
    with folder.open(NAME) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
        else:
            yield Record(folder, file)


class Record:
    def __init__(self, folder: Folder, file: TextIO) -> None:
        self._file = file
        # In a copied folder, this file tells of the original's processes.
        self._folder = [folder.path.stat().st_dev, folder.path.stat().st_ino]
        with suppress(ValueError, KeyError, TypeError):
            before = json.load(file)
            self.is_left_behind = before["folder"] == self._folder
            self._command = before["command"]

    # What a run that was killed has left, if any
    is_left_behind = False
    _command: list[float] | None = None

    def end_command(self) -> None:
        """End what a killed run ran beside the cluster, if it still runs: that very process, not just its number."""
        if not self.is_left_behind or self._command is None:
            return
        with suppress(psutil.NoSuchProcess):
            process = psutil.Process(int(self._command[0]))
            if abs(process.create_time() - self._command[1]) > 1:
                return
            say(f"a run that was killed has left process {process.pid} ({process.name()}): ending it")
            process.terminate()
            try:
                process.wait(3)
            except psutil.TimeoutExpired:
                processes.kill(process)

    def write(self, command: int | None = None) -> None:
        """Note that the cluster is this run's, and which process it runs."""
        started = None if command is None else [command, psutil.Process(command).create_time()]
        self.clear()
        json.dump({"folder": self._folder, "command": started}, self._file)
        self._file.flush()

    def clear(self) -> None:
        """Delete the record: nothing is left behind."""
        self._file.seek(0)
        self._file.truncate()
