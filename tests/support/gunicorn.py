"""The newspaper as `make run` serves it: gunicorn, with the project's own configuration, on a free port."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from cluster.temporary import free_ports

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30  # seconds, until it answers


class Server:
    def __init__(self, port, process, log):
        self.port, self.process, self._log = port, process, log

    def address(self, path=""):
        return f"http://127.0.0.1:{self.port}{path}"

    def warm(self, path, pages=20):
        """Ask for a page a few times, so that connections and caches are there."""
        for _ in range(pages):
            urllib.request.urlopen(self.address(path), timeout=10).read()

    def said(self, word=""):
        """The lines of the log that hold `word`."""
        return [line for line in self._log.read_text().splitlines() if word in line]

    def processes(self):
        """gunicorn's arbiter, and its workers."""
        arbiter = psutil.Process(self.process.pid)
        return [arbiter, *arbiter.children(recursive=True)]

    def cpu_seconds(self):
        """What its processes have used so far."""
        return sum(sum(each.cpu_times()[:2]) for each in self.processes())


@contextmanager
def served(environment, application="config.wsgi"):
    """Give a Server that answers, as long as the block runs. Raises RuntimeError: what gunicorn said instead."""
    port = free_ports(1)
    with tempfile.TemporaryDirectory(prefix="gunicorn-") as folder:
        log = Path(folder) / "log"
        everything = os.environ | {"CACHE_DIR": f"{folder}/cache"} | environment | {"PORT": str(port)}
        command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", application]
        with log.open("ab") as output:  # who reads it moves no place to write
            process = subprocess.Popen(command, env=everything, cwd=ROOT, stdout=output, stderr=output)
        server = Server(port, process, log)
        try:
            _wait_until_it_answers(server)
            yield server
        finally:
            family = server.processes() if process.poll() is None else []
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:  # threads that hang, as those of the published pattern do
                for each in family:
                    with suppress(psutil.NoSuchProcess):  # it has gone just now
                        each.kill()
                process.wait()


def _wait_until_it_answers(server):
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            return urllib.request.urlopen(server.address("/health/live/"), timeout=5).close()
        except OSError:
            if server.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("\n".join(["gunicorn does not answer:", *server.said()[-40:]])) from None
            time.sleep(0.05)
