"""A cluster that a test may break: its fixtures, `python -m cluster` on it, and which of its servers run."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest

from cluster.local import Cluster
from cluster.temporary import free_ports


@pytest.fixture
def directory():
    """A folder whose path has a space, open to the user whom the servers run as (pytest's own are not)."""
    with tempfile.TemporaryDirectory(prefix="a cluster ") as folder:
        os.chmod(folder, 0o755)
        yield Path(folder) / "c"


@pytest.fixture
def own(directory):
    """A cluster that is down, and is gone afterwards."""
    cluster = Cluster(directory, free_ports())
    yield cluster
    cluster.reset()


def command(own, *arguments, **options):
    options = {"capture_output": True, "text": True, "timeout": 50} | options
    words = [sys.executable, "-m", "cluster", "--directory", own.directory, "--port", str(own.primary.port)]
    return subprocess.run([*words, *arguments], check=False, **options)


def servers(own):
    """The server processes of a cluster that still run."""
    return [
        process
        for process in psutil.process_iter(["cmdline", "status"])
        if any(str(own.folder.path) in word for word in process.info["cmdline"] or [])
        and "postgres" in process.name()
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]
