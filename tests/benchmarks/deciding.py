"""Part 2: what a router takes to decide. Each router has a process of its own, and they take turns.

`python -m tests.benchmarks.deciding` is that process: it measures the router that CONTESTANT names.
"""

import json
import os
import subprocess
import sys

from .contestants import CONTESTANTS
from .markdown import section, table
from .sizes import size
from .spread import spread

CALLS = size(2_000, 5_000)  # of each sample
SAMPLES = size(3, 5)  # of each process
ROUNDS = size(1, 3)
READS = 5  # of the page of a story
TWINS = {"none", "remote_apply"}  # they have no router, or one that is here already


def measure():
    """Return {contestant: {what: [samples]}}: nanoseconds, and bytecode instructions."""
    names = [name for name in CONTESTANTS if name not in TWINS]
    found = {}
    for number in range(ROUNDS):
        for name in names if number % 2 == 0 else reversed(names):
            for what, samples in _in_a_process(name).items():
                found.setdefault(name, {}).setdefault(what, []).extend(samples)
    return {name: found[name] for name in names}


def _in_a_process(name):
    environment = os.environ | {"CONTESTANT": name, "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings"}
    command = [sys.executable, "-m", "tests.benchmarks.deciding", str(CALLS), str(SAMPLES)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr)
    return json.loads(done.stdout)


def report(found):
    rows = []
    for name, each in found.items():
        times = [spread(each[what]).text(0) for what in ("public", "admin", "no request")]
        page = spread(sample / 1000 for sample in each["page"]).text(1)
        rows.append([CONTESTANTS[name].label, *times, page, *(each[f"{what}, bytecodes"][0] for what in COUNTED)])
    samples = len(found["ours"]["public"])
    return section(
        "2. The cost of deciding",
        f"`db_for_read` in nanoseconds: {samples} samples of {CALLS:,} calls each, from {ROUNDS} processes that take "
        f"turns. A page, in microseconds: the router's middleware around {READS} reads, as a story's page has, so "
        "that what is decided once a request is in it. Instructions are those of Python's bytecode, which are "
        "the same in every run; the processor's are not measured.",
        table(
            [
                "router",
                "public request, ns",
                "admin, ns",
                "no request, ns",
                f"page of {READS} reads, µs",
                "instructions, public",
                "… admin",
                "… no request",
                "… page",
            ],
            rows,
        ),
    )


COUNTED = ("public", "admin", "no request", "page")

if __name__ == "__main__":
    from .decisions import all_samples

    print(json.dumps(all_samples(*map(int, sys.argv[1:]))))
