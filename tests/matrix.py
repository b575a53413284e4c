"""`make matrix`: routing's tests with each Django, Python and driver that the machine has, and a table at the end.

`python -m tests.matrix 6.1 psycopg3` runs only the rows that have all these words. What is made stays in .venv-matrix.
"""

import os
import re
import subprocess
import sys
from itertools import product
from pathlib import Path
from shutil import which

ROOT = Path(__file__).resolve().parent.parent
TESTS = ["tests/unit/routing", "tests/replication/routing"]
PYTHONS = ["3.11", "3.12", "3.13", "3.14"]
DJANGOS = {"5.2": "5.2.19", "6.0": "6.0.10", "6.1": "6.1.3"}
OLDEST_PYTHON = {"5.2": "3.11", "6.0": "3.12", "6.1": "3.12"}
DRIVERS = ["psycopg2", "psycopg3", "psycopg3-pool"]


def interpreter(version):
    """Return the program of a Python, or None. pyenv's stand-ins are there for versions that nobody chose, too."""
    wish = os.environ | {"PYENV_VERSION": version}
    program = which(f"python{version}")
    if program and subprocess.run([program, "-c", ""], env=wish, capture_output=True).returncode == 0:
        asked = subprocess.run([program, "-c", "import sys; print(sys.executable)"], env=wish, capture_output=True)
        return asked.stdout.decode().strip()
    return None


def requirements(path):
    """Give each line of a requirements file, and of those that it names, without Django's."""
    for line in path.read_text().splitlines():
        if line.startswith("-r "):
            yield from requirements(path.parent / line[3:])
        elif line and not line.startswith(("#", "Django==")):
            yield line


def environment(python, django, driver):
    """Return the Python of a virtual environment that has all that a row needs."""
    family = "psycopg2" if driver == "psycopg2" else "psycopg3"  # it is used wherever it is installed
    name = "requirements-dev.txt" if family == "psycopg2" else "requirements-psycopg3.txt"
    wanted = [*dict.fromkeys(requirements(ROOT / name)), f"Django=={DJANGOS[django]}"]
    folder = ROOT / ".venv-matrix" / f"{python}-{django}-{family}"
    program, done = folder / "bin" / "python", folder / "installed.txt"
    if not done.exists() or done.read_text() != "\n".join(wanted):
        subprocess.run([interpreter(python), "-m", "venv", "--clear", folder], check=True)
        subprocess.run(
            [program, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *wanted], check=True
        )
        done.write_text("\n".join(wanted))
    return program


def run(python, django, driver):
    """Return pytest's last line."""
    print(f"\n=== Python {python}, Django {django}, {driver}", flush=True)
    command = [
        environment(python, django, driver),
        "-m",
        "pytest",
        *TESTS,
        "-q",
        "--numprocesses=2",
        "--dist=worksteal",
    ]
    wish = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(command, env=wish | {"DRIVER": driver}, cwd=ROOT, capture_output=True, text=True)
    lines = done.stdout.strip().splitlines() or [done.stderr.strip()]
    print("\n".join(line for line in lines if re.match("FAILED|ERROR", line)) or lines[-1], flush=True)
    return lines[-1].strip("= ")


def main(words):
    rows = [
        (python, django, driver)
        for python, django, driver in product(PYTHONS, DJANGOS, DRIVERS)
        if int(python[2:]) >= int(OLDEST_PYTHON[django][2:]) and set(words) <= {python, django, driver}
    ]
    missing = [python for python in PYTHONS if not interpreter(python)]
    results = [(row, run(*row)) for row in rows if row[0] not in missing]
    print("\n| Python | Django | driver | tests |\n|---|---|---|---|")
    for row, result in results:
        print(f"| {row[0]} | {DJANGOS[row[1]]} | {row[2]} | {result} |")
    print(f"\nNot here: Python {', '.join(missing)}." if missing else "")
    return any("failed" in result or "error" in result or "passed" not in result for _, result in results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
