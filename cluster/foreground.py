"""Runs a command beside the cluster, and takes down what it started when the command ends."""

import os
import signal
import subprocess
from types import FrameType

from .errors import ClusterError
from .local import Cluster


def run(cluster: Cluster, command: list[str]) -> int:
    """Bring `cluster` up, run `command` with its environment, and return the command's exit status.

    Ctrl-C reaches the command itself, as it does in any shell; SIGTERM and SIGHUP are passed on to it. Raises
    ClusterError.
    """
    process: subprocess.Popen[bytes] | None = None
    early: list[int] = []  # what came before Popen had returned: the command may run, and speak, by then

    def pass_on(number: int, frame: FrameType | None) -> None:
        if number == signal.SIGINT:
            return
        if process:
            process.send_signal(number)
        else:
            early.append(number)

    started = cluster.up()
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, pass_on)
    try:
        try:
            process = subprocess.Popen(command, env=os.environ | cluster.environment())
        except OSError as error:
            raise ClusterError(f"{command[0]} cannot be run: {error.strerror}. Check the command.") from error
        for each in early:
            process.send_signal(each)
        status = process.wait()
        return 128 - status if status < 0 else status
    finally:
        if started:
            cluster.down()
