"""The folder and two lines of config deleted, there is still a newspaper that passes its tests."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# On this test's own cluster, which makes it quick, with a database of another name.
FAST = [
    "--override-ini=addopts=",
    "tests/unit/publicsite/test_lists.py",
    "tests/unit/routing/test_sql.py",
    "tests/racelab",
]


@pytest.fixture
def without_lab(tmp_path):
    """A copy of the project without the lab; returns a function that runs Python in it."""
    left_out = shutil.ignore_patterns("racelab", ".git", ".venv", ".local", "__pycache__", "node_modules", "docs")
    copy = tmp_path / "copy"
    shutil.copytree(PROJECT, copy, ignore=left_out, dirs_exist_ok=True)
    shutil.copytree(PROJECT / "tests" / "racelab", copy / "tests" / "racelab", dirs_exist_ok=True)
    for name in ("settings.py", "urls.py"):
        file = copy / "config" / name
        lines = file.read_text().splitlines(keepends=True)
        kept = [line for line in lines if "racelab" not in line]
        assert len(lines) - len(kept) == 1
        file.write_text("".join(kept))
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DJANGO_", "PYTEST_"))}
    for name in ("DATABASE_URL", "REPLICA_URLS"):
        environment[name] = environment[name].replace("/newspaper", "/without_lab")

    def python(*arguments):
        return subprocess.run(
            [sys.executable, *arguments], cwd=copy, env=environment, capture_output=True, text=True, timeout=150
        )

    return python


@pytest.mark.timeout(200)  # seconds; a few, unless the machine is busy
def test_what_is_left_passes_its_checks_and_its_tests(without_lab):
    check = without_lab("manage.py", "check", "--fail-level", "WARNING")
    assert check.returncode == 0, check.stderr
    tests = without_lab("-m", "pytest", "-q", "-p", "no:cacheprovider", *FAST)
    assert tests.returncode == 0, tests.stdout
    assert "passed" in tests.stdout
