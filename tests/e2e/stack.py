"""A running newspaper for the browser: the one at BASE_URL, or one of its own, on free ports."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.request import ProxyHandler, build_opener

from cluster.temporary import free_ports

PROJECT = Path(__file__).resolve().parents[2]
MINUTES = 3  # that a stack may take to answer
_direct = build_opener(ProxyHandler({}))


@contextmanager
def running_stack():
    """Give the address of the newspaper. One that was started here is stopped, and its data deleted."""
    if given := os.environ.get("BASE_URL"):
        yield given.rstrip("/")
        return
    with tempfile.TemporaryDirectory(prefix="daily-replica-e2e-") as folder, socket.socket() as probe:
        os.chmod(folder, 0o755)
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        cluster = [
            sys.executable,
            "-m",
            "cluster",
            "--directory",
            f"{folder}/cluster",
            "--port",
            str(free_ports()),
        ]
        environment = os.environ | {"DEMO": "1", "PORT": str(port), "CACHE_DIR": f"{folder}/cache"}
        command = [*cluster, "run", "--", sys.executable, "-m", "config.serve"]
        process = subprocess.Popen(command, cwd=PROJECT, env=environment)
        try:
            site = f"http://127.0.0.1:{port}"
            _wait(site, process)
            yield site
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(60)
            subprocess.run([*cluster, "reset"], cwd=PROJECT, check=True)


def _wait(site, process):
    deadline = time.monotonic() + MINUTES * 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"The newspaper ended with status {process.returncode}.")
        try:
            return _direct.open(f"{site}/health/ready/", timeout=5).close()
        except OSError:  # refused, timed out, or not ready yet
            time.sleep(0.2)
    raise RuntimeError(f"{site} does not answer after {MINUTES} minutes.")
