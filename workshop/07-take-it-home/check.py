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
from workshop.console import doing
from workshop.verdict import NotYet

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
    doing("a fresh project, with routing/ copied into it")
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
    """Return what the learner wrote. Raises SyntaxError here, where the learner's own line can be named."""
    path = Path(find_spec(name).origin)
    compile(path.read_text(), path, "exec")
    return path.read_text()


def tests(python, settings):
    """Run the learner's test. The tests' database stays, for the next run; it goes away with the cluster."""
    doing(f"your test, with {settings}")
    return python("-m", "pytest", "-q", "-p", "no:cacheprovider", "--reuse-db", f"--ds={settings}")


def status(python):
    doing("manage.py replication_status")
    return python("manage.py", "replication_status")


def let_replicas_be_read(lab):
    """The fresh project has a database of its own, in which the replicas' role may read nothing yet."""
    lab.cluster.primary.ask("GRANT pg_read_all_data TO reader")


def run(lab):
    let_replicas_be_read(lab)
    with project() as python:
        print(status(python)[1])
        for title, settings in (("your settings", "home.settings"), ("a wrong router", "wrong_settings")):
            passed, _ = tests(python, settings)
            print(f"test_home.py with {title}: {'passes' if passed else 'fails'}")


def check(lab):
    let_replicas_be_read(lab)
    with project() as python:
        doing("manage.py check")
        passed, said = python("manage.py", "check", "--fail-level", "WARNING")
        if not passed:
            named = [line for line in said.splitlines() if "(routing." in line] or said.splitlines()[-1:]
            raise NotYet(
                f"`manage.py check` in the fresh project says: {named[0]}",
                "no error and no warning.",
                "settings_home.py: it stands at the end of the project's settings. "
                "Compare it with routing/README.md, step 3.",
            )
        passed, said = status(python)
        if not passed:
            raise NotYet(
                f"`manage.py replication_status` in the fresh project says: {said.splitlines()[0]}.",
                "a table of the three servers.",
                "settings_home.py: routing/ is copied, but the settings don't use it yet. The three lines are in "
                "routing/README.md, step 3.",
            )
        passed, said = tests(python, "home.settings")
        if not passed:
            errors = [line.lstrip("E ") for line in said.splitlines() if line.startswith("E ")]
            raise NotYet(
                f"test_home.py fails with your settings: {(errors or said.splitlines()[-1:])[0]}",
                "it passes: routing/ reads the admin from the primary.",
                "test_home.py: create the page before the replicas freeze; save and reload inside the block.",
            )
        passed, said = tests(python, "wrong_settings")
        if passed:
            raise NotYet(
                "test_home.py passes with your settings, and also with a router that reads from any replica.",
                "it fails with the wrong router. A test that can't fail proves nothing, and in a test the replicas "
                "never lag.",
                "test_home.py: put `with frozen_replica():` around the save and the reload.",
            )
        return "a fresh project with routing/; check finds nothing; its test passes, and fails with a wrong router"
