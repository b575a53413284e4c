"""Runs a command with the cluster, and stops what it started when the command ends."""

import os
import signal
import subprocess
from types import FrameType

from . import interrupts, record
from .errors import ClusterError
from .folder import say
from .local import Cluster


def run(cluster: Cluster, command: list[str]) -> int:
    """Bring `cluster` up, run `command` with its environment, and return the command's exit status.

    Ctrl-C reaches the command itself, as it does in any shell; SIGTERM and SIGHUP end it. What a run that was killed
    has left behind is taken over. Raises ClusterError.
    """
    with record.of(cluster.folder) as mine:
        beside = Beside()
        with interrupts.held():
            try:
                is_ours = _up(cluster, mine)
            except BaseException:
                if mine:
                    mine.clear()  # what it had started, it has stopped
                raise
            beside.listen()
        try:
            return beside.run(command, os.environ | cluster.environment(), mine if is_ours else None)
        finally:
            if is_ours:
                cluster.down()
            if mine:
                mine.clear()


def _up(cluster: Cluster, mine: record.Record | None) -> bool:
    """Bring the cluster up. Returns whether it is ours: to be stopped at the end."""
    if mine is None:
        say("another `python -m cluster run` has this cluster, and stops it when it ends")
        return cluster.up()
    mine.end_command()
    running = cluster.running_ports()
    if mine.is_left_behind and running:
        say(f"a run that was killed has left servers on {running}")
        if cluster.is_elsewhere():
            cluster.down()
    if mine.is_left_behind or not running:
        mine.write()
    return cluster.up() or mine.is_left_behind


class Beside:
    """The command, and the signals for it."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.received: list[int] = []

    def listen(self) -> None:
        for number in interrupts.SIGNALS:
            signal.signal(number, self.pass_on)

    def pass_on(self, number: int, frame: FrameType | None) -> None:
        self.received.append(number)
        # Closing a terminal ends what runs in it; servers such as gunicorn take SIGHUP for "read your settings again".
        if self.process and number != signal.SIGINT:
            self.process.send_signal(signal.SIGTERM)

    def run(self, command: list[str], environment: dict[str, str], mine: record.Record | None) -> int:
        if self.received:
            return 128 + self.received[0]
        try:
            self.process = subprocess.Popen(command, env=environment)
        except OSError as error:
            raise ClusterError(f"{command[0]} cannot be run: {error.strerror}. Check the command.") from error
        if any(number != signal.SIGINT for number in self.received):  # before Popen had returned
            self.process.send_signal(signal.SIGTERM)
        if mine:
            mine.write(self.process.pid)
        status = self.process.wait()
        return 128 + (self.received[0] if self.received else -status) if status < 0 else status
