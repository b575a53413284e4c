"""A cluster for the projects, and a way to run one: in a folder with a copy of routing/, and a process of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cluster.temporary import temporary_cluster

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def cluster():
    with temporary_cluster() as cluster:
        yield cluster


@pytest.fixture
def run_site(cluster, tmp_path):
    """Return a function that runs one of sites/ with more environment variables; it fails as the site does."""
    shutil.copytree(ROOT / "routing", tmp_path / "routing", ignore=shutil.ignore_patterns("__pycache__"))
    sites = Path(__file__).parent / "sites"
    shutil.copy(sites.parent / "bare.py", tmp_path)

    def run(name, **environment):
        shutil.copy(sites / f"{name}.py", tmp_path)
        variables = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO_")}
        variables |= {"CLUSTER_PORT": str(cluster.primary.port), "CLUSTER_DIRECTORY": str(cluster.directory)}
        variables |= {"CLUSTER_COMMAND_IN": str(ROOT), "PYTHONPATH": str(tmp_path)} | environment
        done = subprocess.run(
            [sys.executable, f"{name}.py"], cwd=tmp_path, env=variables, capture_output=True, text=True, timeout=170
        )
        assert done.returncode == 0, f"{done.stdout[-6000:]}\n{done.stderr[-6000:]}"
        return done.stdout

    return run
