"""Run Django's own tests without and with routing, and name what fails with it alone: `make django-suites`.

LABELS="auth_tests delete" narrows; by default it is every label that talks to a database. PARALLEL=1 is one process.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

from cluster.binaries import PASSWORD
from cluster.local import Cluster
from cluster.temporary import free_ports

from .run import label_of
from .source import fetch_tests, find_database_labels

ROOT = Path(__file__).resolve().parents[2]
# It asserts that nobody uses `connection.execute_wrapper`, which is how routing sees statements.
EXPECTED = {"backends.base.test_base.ExecuteWrapperTests.test_wrapper_connection_specific"}


@contextmanager
def one_server():
    """Give the port of a PostgreSQL server of our own. Its data need not outlive a crash."""
    with tempfile.TemporaryDirectory(prefix="django-suites-") as folder:
        os.chmod(folder, 0o755)
        cluster = Cluster(Path(folder) / "cluster", free_ports())
        try:
            with cluster.folder.alone():
                cluster.primary.initialise()
                cluster.start(cluster.primary)
            for setting in ("fsync = off", "synchronous_commit = on", "full_page_writes = off"):
                cluster.primary.ask(f"ALTER SYSTEM SET {setting}")
            cluster.primary.ask("SELECT pg_reload_conf()")
            # The wheel has no ICU. Where the order of Swedish words is tested, both runs fail.
            cluster.primary.ask('CREATE COLLATION IF NOT EXISTS "sv-x-icu" FROM "C"', "template1")
            yield cluster.primary.port
        finally:
            cluster.reset()


def run(tests, labels, port, log, **environment):
    """Run Django's tests, and return what ran and what failed."""
    result = log.with_suffix(".json")
    result.unlink(missing_ok=True)
    words = [sys.executable, "-m", "tests.django_suites.run", tests, result, *labels]
    settings = {"DJANGO_SETTINGS_MODULE": "tests.django_suites.settings", "PYTHONPATH": str(ROOT)}
    server = {"SUITES_PORT": str(port), "SUITES_PASSWORD": PASSWORD}
    with log.open("w") as output:
        subprocess.run(
            words,
            env=os.environ | settings | server | environment,
            cwd=ROOT,
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if not result.exists():
        sys.exit(f"The tests did not get to their end: {log} says why.\n\n{log.read_text()[-3000:]}")
    return json.loads(result.read_text())


def compare(without, routed):
    """Print what ran and what failed, by label. Returns what fails with routing alone, and isn't expected to."""
    new = sorted({*routed["failed"]} - {*without["failed"]} - EXPECTED)
    failed = [Counter(map(label_of, each)) for each in (without["failed"], routed["failed"], new)]
    print(f"{'label':32}{'tests':>8}{'failed without':>16}{'with':>8}{'new':>8}")
    for label in sorted({*without["ran"], *routed["ran"]}):
        counts = [each[label] for each in failed]
        if any(counts) or len(routed["ran"]) < 20:
            _print_line(label, routed["ran"].get(label, 0), *counts)
    _print_line("all", sum(routed["ran"].values()), *(each.total() for each in failed))
    return new


def _print_line(label, ran, without, routed, new):
    print(f"{label:32}{ran:8}{without:16}{routed:8}{new:8}")


def main():
    tests = fetch_tests()
    labels = os.environ.get("LABELS", "").split() or find_database_labels(tests)
    logs = tests.parents[1]
    with one_server() as port:
        without = run(tests, labels, port, logs / "without.log")
        routed = run(tests, labels, port, logs / "routed.log", ROUTED="1")
    new = compare(without, routed)
    if without["ran"] != routed["ran"]:
        sys.exit(f"Not the same tests ran. The logs are in {logs}.")
    if new:
        sys.exit("\n".join(["", f"These fail with routing alone; {logs / 'routed.log'} says why:", *new]))


main()
