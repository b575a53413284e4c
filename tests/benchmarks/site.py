"""The newspaper under gunicorn, as `make run` serves it, with one contestant's routing."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import psutil

from cluster.temporary import free_ports

ROOT = Path(__file__).resolve().parents[2]


class Site:
    def __init__(self, port, process):
        self.port = port
        self._process = psutil.Process(process.pid)

    def address(self, path):
        return f"http://127.0.0.1:{self.port}{path}"

    def warm(self, path, pages=20):
        """Ask for a page a few times, so that connections and caches are there."""
        for _ in range(pages):
            urllib.request.urlopen(self.address(path), timeout=10).read()

    def cpu_seconds(self):
        """What the web server's processes have used so far."""
        family = [self._process, *self._process.children(recursive=True)]
        return sum(sum(each.cpu_times()[:2]) for each in family)


@contextmanager
def served(cluster, contestant, replicas=("replica1", "replica2"), database="newspaper", **environment):
    """Give a site that is up, on a cache of its own. `environment` has more variables for gunicorn."""
    port = free_ports()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, tempfile.TemporaryFile("w+") as log:
        everything = os.environ | {
            "DATABASE_URL": cluster.primary.url("app", database),
            "REPLICA_URLS": ",".join(cluster.node(name).url("reader", database) for name in replicas),
            "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
            "CONTESTANT": contestant,
            "PORT": str(port),
            "CACHE_DIR": folder,
            **environment,
        }
        command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py"]
        process = subprocess.Popen(command, env=everything, cwd=ROOT, stdout=log, stderr=log)
        try:
            _wait_until_it_answers(process, port, log)
            yield Site(port, process)
        finally:
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:  # a save that waits for a dead replica does not hear it
                _kill(process)


def _kill(process):
    for each in [*psutil.Process(process.pid).children(recursive=True), process]:
        each.kill()
    process.wait()


def _wait_until_it_answers(process, port, log):
    deadline = time.monotonic() + 30
    while True:
        try:
            return urllib.request.urlopen(f"http://127.0.0.1:{port}/health/live/", timeout=5).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                log.seek(0)
                raise RuntimeError(f"gunicorn does not answer:\n{log.read()[-2000:]}") from None
            time.sleep(0.05)
