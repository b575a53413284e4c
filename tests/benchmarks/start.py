"""Part 6: from nothing to the first page, and to it once more. Docker's image where there is Docker."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from cluster.temporary import free_ports
from tests.support.gunicorn import ROOT

from .markdown import section, table
from .sizes import QUICK, size
from .spread import spread

AGAIN = size(1, 3)
COLD = 2
IMAGE = "daily-replica:bench"


def measure():
    """Return {what: [seconds]}, and what is to be said about Docker."""
    with tempfile.TemporaryDirectory(prefix="bench-start-") as folder:
        os.chmod(folder, 0o755)
        found = _cluster_up(Path(folder)) | _make_run(Path(folder))
        images, said = ({}, "QUICK: no image is built.") if QUICK else _image(Path(folder))
    return found | images, said


def _cluster_up(folder):
    found = {"`python -m cluster up`, cold": [], "`python -m cluster up`, warm": []}
    for number in range(AGAIN):
        words = ["--directory", str(folder / f"cluster{number}"), "--port", str(free_ports())]
        command = [sys.executable, "-m", "cluster", *words]
        try:
            for what in found:
                found[what].append(_seconds([*command, "up"]))
                _seconds([*command, "down"])
        finally:
            _seconds([*command, "reset"])
    return found


def _seconds(command, **options):
    start = time.perf_counter()
    subprocess.run(command, cwd=options.pop("cwd", ROOT), check=True, capture_output=True, **options)
    return time.perf_counter() - start


def _make_run(folder):
    """`make run` in a fresh copy of what is committed, up to its first page. The small size has no cold one."""
    cold, warm = "`make run`, cold", "`make run`, warm"
    found = {cold: [], warm: []}
    for number in range(0 if QUICK else COLD):
        copy = folder / f"copy{number}"
        _seconds(["git", "clone", "--quiet", str(ROOT), str(copy)])
        found[cold].append(_until_the_first_page(copy))
        if number == COLD - 1:
            found[warm] = [_until_the_first_page(copy) for _ in range(AGAIN)]
        subprocess.run(["make", "reset"], cwd=copy, env=_environment(), check=True, capture_output=True)
    return {what: seconds for what, seconds in found.items() if seconds}


def _environment(**more):
    """Ours, without what points at this run's own cluster."""
    dropped = {"DATABASE_URL", "REPLICA_URLS", "DJANGO_SETTINGS_MODULE", "MAKEFLAGS", "MAKELEVEL", "MFLAGS", "QUICK"}
    return {name: value for name, value in os.environ.items() if name not in dropped} | more


def _until_the_first_page(copy):
    port = free_ports(4)
    environment = _environment(PORT=str(port), CLUSTER_PORT=str(port + 1))
    start = time.perf_counter()
    process = subprocess.Popen(
        ["make", "run"], cwd=copy, env=environment, start_new_session=True, stdout=subprocess.DEVNULL
    )
    try:
        while True:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5).close()
                return time.perf_counter() - start
            except OSError:
                if process.poll() is not None or time.perf_counter() - start > 300:
                    raise RuntimeError("make run gives no page.") from None
                time.sleep(0.02)
    finally:
        os.killpg(process.pid, signal.SIGINT)  # Ctrl-C
        process.wait(60)


def _image(folder):
    """Build the image as Compose does, without Docker's cache and under a name of its own; and ask for its size."""
    if not _docker("version"):
        return {}, "There is no Docker here: the image is not measured."
    (folder / "own-name.yml").write_text(f"services: {{web: {{image: '{IMAGE}'}}}}")
    compose = ["docker", "compose", "--file", "docker-compose.yml", "--file", str(folder / "own-name.yml")]
    try:
        seconds = _seconds([*compose, "build", "--no-cache", "web"], cwd=folder / "copy0")
        size = _docker("image", "inspect", "--format", "{{.Size}}", IMAGE)
    except subprocess.CalledProcessError as error:
        return {}, f"The image could not be built here: {error.stderr.decode().strip().splitlines()[-1]}"
    finally:
        _docker("image", "rm", IMAGE)
    said = f"The image has {int(size) / 2**20:,.0f} MiB, its base included. It is built once."
    return {"`docker compose build --no-cache`": [seconds]}, said


def _docker(*words):
    try:
        done = subprocess.run(["docker", *words], capture_output=True, text=True, check=False, timeout=30)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def report(found):
    measured, said = found
    return section(
        "6. Start",
        "Seconds until the first page, or until the command is done. Cold: nothing is there, neither the virtual "
        "environment nor the cluster's data; packages come from pip's cache or its index. Warm: both are.",
        table(
            ["command", "seconds", "times"],
            [[what, spread(each).text(1), len(each)] for what, each in measured.items()],
        ),
        said,
    )
