"""The fixtures of the fault tests. They print their figures: run them with `make faults`."""

import os
import subprocess
import sys
import time

import pytest

from cluster import faults
from cluster.promotion import promote, rejoin
from tests.faults.under_load.newspaper import SETTINGS

LEFT_OVER = (  # of the tests before
    "DELETE FROM backoffice_tag WHERE name LIKE '%-%'",
    "DELETE FROM backoffice_story WHERE headline LIKE 'Version %'",
    "DELETE FROM django_admin_log",
)
NODES = ("primary", "replica1", "replica2")


@pytest.fixture(scope="session")
def _edition(cluster):
    for words in (["migrate", "--verbosity=0"], ["load_demo"]):
        command = [sys.executable, "manage.py", *words]
        subprocess.run(command, env=os.environ | SETTINGS, check=True, capture_output=True)


@pytest.fixture
def healed(_edition, cluster):
    """A cluster that is whole before a test and after it, whatever the test broke, without what writers left."""
    for sql in LEFT_OVER:
        cluster.primary.ask(sql, database="newspaper")
    yield cluster
    for name in NODES:
        if cluster.node(name).process():
            faults.thaw(cluster, name)
    is_synchronous = cluster.primary.process() and cluster.primary.ask("SHOW synchronous_standby_names") != ("",)
    if is_synchronous or not all(node.is_standby for node in cluster.replicas):
        cluster.down()  # an old primary may still run beside the new one
        cluster.up()
    if cluster.primary.name != "primary":
        old = cluster.primary.name
        promote(cluster, "primary")
        rejoin(cluster, old)
    cluster.up()
    for name in NODES[1:]:
        cluster.resume(name)
        cluster.lag(name, 0)
        cluster.wait_until_replayed(name)


@pytest.fixture
def figures(capsys, request):
    """A function that prints what was measured, past pytest's capture."""

    def show(**values):
        text = ", ".join(
            f"{name.replace('_', ' ')} {value:.2f}"
            if isinstance(value, float)
            else f"{name.replace('_', ' ')} {value}"
            for name, value in values.items()
        )
        with capsys.disabled():
            print(f"\n  {request.node.name}: {text}", flush=True)

    return show


@pytest.fixture
def until():
    """A function that waits for what is to become true, and returns the seconds it took."""

    def wait(is_done, timeout=30):
        start = time.monotonic()
        while not is_done():
            assert time.monotonic() - start < timeout, "in vain"
            time.sleep(0.02)
        return time.monotonic() - start

    return wait
