"""Chapter 7: a fresh project, routing/ copied into it, the learner's settings at the end, and the learner's test."""

import inspect
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from workshop.chapters import HERE

WRONG_ROUTER = inspect.cleandoc('''
    """WRONG ON PURPOSE: shows that a test can fail."""

    class Router:
        def db_for_read(self, model, **hints):
            return "default" if model._meta.app_label in ("auth", "sessions") else "replica1"

        def db_for_write(self, model, **hints):
            return "default"
''')


@contextmanager
def project():
    """A fresh project in a temporary folder; gives a function that runs Python in it."""
    # What is set for the lesson is not meant for the project.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    with tempfile.TemporaryDirectory() as folder:

        def python(*arguments):
            command = [sys.executable, *arguments]
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
            return done.returncode == 0, (done.stdout + done.stderr).strip()

        python("-m", "django", "startproject", "home", ".")
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(HERE.parent / "routing", f"{folder}/routing", ignore=ignored)
        settings = Path(folder, "home/settings.py")
        settings.write_text(settings.read_text() + _learners("settings_home"))
        Path(folder, "test_home.py").write_text(_learners("test_home"))
        Path(folder, "conftest.py").write_text('pytest_plugins = ["routing.pytest_plugin"]\n')
        Path(folder, "wrong_settings.py").write_text(
            'from home.settings import *\n\nDATABASE_ROUTERS = ["wrong.Router"]\n'
        )
        Path(folder, "wrong.py").write_text(WRONG_ROUTER)
        yield python


def _learners(name):
    return Path(find_spec(name).origin).read_text()


def tests(python, settings):
    """Run the learner's test. The tests' database stays, for the next run; it goes away with the cluster."""
    return python("-m", "pytest", "-q", "-p", "no:cacheprovider", "--reuse-db", f"--ds={settings}")


def run(lab):
    with project() as python:
        _, said = python("manage.py", "replication_status")
        print(said)
        for title, settings in (("your settings", "home.settings"), ("a wrong router", "wrong_settings")):
            passed, _ = tests(python, settings)
            print(f"test_home.py with {title}: {'passes' if passed else 'fails'}")


def check(lab):
    with project() as python:
        passed, said = python("manage.py", "check", "--fail-level", "WARNING")
        named = [line for line in said.splitlines() if "(routing." in line] or said.splitlines()[-1:]
        assert passed, f"`manage.py check` in the fresh project says: {named[0]}"
        passed, said = python("manage.py", "replication_status")
        assert passed, (
            f"`manage.py replication_status` in the fresh project says: {said.splitlines()[0]}. routing/ is copied, "
            "and the settings do not use it yet. The three lines are in routing/README.md, step 3."
        )
        passed, said = tests(python, "home.settings")
        errors = [line.lstrip("E ") for line in said.splitlines() if line.startswith("E ")] or said.splitlines()[-1:]
        assert passed, f"test_home.py fails with your settings: {errors[0]}"
        passed, said = tests(python, "wrong_settings")
        assert not passed, (
            "test_home.py passes with a router that reads from any replica, too: it proves nothing. In a test the "
            "replicas never lag. Put `with frozen_replica():` around the save and what comes after it."
        )
        return "a fresh project with routing/; check finds nothing; its test passes, and fails with a wrong router"
