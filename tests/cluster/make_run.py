"""What `make run` starts, in a session of its own, as a terminal has it; and what is left of it."""

import os
import signal
import subprocess
import sys
import time

import psutil

from cluster.temporary import free_ports
from tests.support.own_cluster import servers
from tests.support.processes import ROOT


class MakeRun:
    """`run -- python -m config.serve` on a cluster. Its output goes to a file."""

    def __init__(self, own, log, port=None, **environment):
        self.own, self.log, self.port = own, log, port or free_ports(1)
        words = [sys.executable, "-m", "cluster", "--directory", own.directory, "--port", str(own.primary.port)]
        words += ["run", "--", sys.executable, "-m", "config.serve"]
        own_values = {"PORT": str(self.port), "CACHE_DIR": f"{log}.cache", "DJANGO_SETTINGS_MODULE": "config.settings"}
        environment = os.environ | own_values | environment
        for name in ("DATABASE_URL", "REPLICA_URLS"):
            environment.pop(name, None)
        with log.open("w") as output:
            self.process = subprocess.Popen(
                words, env=environment, cwd=ROOT, stdout=output, stderr=output, start_new_session=True
            )

    def send(self, number=signal.SIGINT):
        """As Ctrl-C in a terminal does it: to the whole group."""
        os.killpg(self.process.pid, number)

    def said(self):
        return self.log.read_text()

    def wait_for(self, text, seconds=60):
        deadline = time.monotonic() + seconds
        while text not in self.said():
            assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.01)

    def left(self):
        """The processes of its session that still run, and the cluster's servers."""
        session = []
        for process in psutil.process_iter():
            try:
                if os.getsid(process.pid) == self.process.pid and process.status() != psutil.STATUS_ZOMBIE:
                    session.append(process)
            except (ProcessLookupError, psutil.NoSuchProcess):
                continue
        return session + servers(self.own)

    def seconds_until_all_have_gone(self, patience=40):
        began = time.monotonic()
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            return time.monotonic() - began
        while self.left() and time.monotonic() - began < patience:
            time.sleep(0.01)
        return time.monotonic() - began

    def kill_all(self):
        """For a test that failed."""
        for process in self.left():
            process.kill()
        self.process.wait()
