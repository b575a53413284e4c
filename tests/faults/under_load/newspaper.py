"""The newspaper under gunicorn, with several workers and threads, as `make run` serves it."""

import os
import subprocess
import sys
import tempfile
import time
import urllib.request

from cluster.temporary import free_ports

WORKERS, THREADS = 2, 4


class Newspaper:
    """One gunicorn. `switches` are environment variables: see settings.py and wsgi.py."""

    def __init__(self, **switches):
        self.port = free_ports()
        self.environment = os.environ | {
            "DJANGO_SETTINGS_MODULE": "tests.faults.under_load.settings",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": str(WORKERS),
            "WEB_THREADS": str(THREADS),
            **switches,
        }

    def manage(self, *words):
        subprocess.run([sys.executable, "manage.py", *words], env=self.environment, check=True, capture_output=True)

    def __enter__(self):
        self.log = tempfile.NamedTemporaryFile()
        command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py", "tests.faults.under_load.wsgi"]
        with open(self.log.name, "ab") as log:  # a file of its own: who reads the other moves no place to write
            self.process = subprocess.Popen(command, env=self.environment, stdout=log, stderr=log)
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health/live/", timeout=5)
                return self
            except OSError:
                assert self.process.poll() is None, self.said()
                time.sleep(0.05)
        raise AssertionError(f"gunicorn does not answer: {self.said()}")

    def __exit__(self, *exception):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:  # threads that hang, as those of the published pattern do
            self.process.kill()
            self.process.wait()
        self.log.close()

    def said(self, word=""):
        """The lines of the log that hold `word`."""
        with open(self.log.name) as log:
            return [line for line in log.read().splitlines() if word in line]
