"""Django's tests, which only its source distribution has: of the installed version, from the package index."""

import re
import subprocess
import sys
import tarfile
from pathlib import Path

import django

_FOLDER = Path(__file__).resolve().parents[2] / ".local" / "django-suites"
_NEED_EXTENSIONS = {"db_functions", "gis_tests", "postgres_tests"}
_DATABASE_TESTS = re.compile(r"(?<!unittest\.)(?<!unittest import )\b(?:Transaction|LiveServer)?TestCase\b")


def fetch_tests():
    """Return the folder of Django's tests, after loading and unpacking it if need be."""
    version = django.get_version()
    tests = _FOLDER / f"django-{version}" / "tests"
    if not tests.exists():
        what = ["--no-deps", "--no-binary=Django", f"Django=={version}", f"--dest={_FOLDER}"]
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", *what], check=True)
        with tarfile.open(_FOLDER / f"django-{version}.tar.gz") as archive:
            archive.extractall(_FOLDER, filter="data")
    return tests


def find_database_labels(tests):
    """Return the labels of all tests that talk to a database: those with a TestCase that isn't a SimpleTestCase.

    But those that need an extension of PostgreSQL: the wheel has none.
    """
    folders = sorted(init.parent for init in tests.glob("*/__init__.py") if init.parent.name not in _NEED_EXTENSIONS)
    return [folder.name for folder in folders if _talks_to_a_database(folder)]


def _talks_to_a_database(folder):
    return any(_DATABASE_TESTS.search(path.read_text(errors="replace")) for path in folder.rglob("test*.py"))
