"""The tests of a project that took routing pass as before, with Django's own test runner: TEST MIRROR is enough."""

import os
import subprocess
import sys

import pytest

from tests.support.processes import ROOT


@pytest.mark.parametrize(
    "suites",
    [
        "NamesTheReplicas",
        "DefaultDatabases",
        "NamesTheReplicas AfterNamesTheReplicas",
        "LiveServer",
        "InATransaction",
        "NoDatabase",
    ],
)
def test_a_projects_suite_passes_and_its_database_is_deleted(cluster, suites):
    labels = [f"tests.someones.suites.{name}" for name in suites.split()]
    environment = {"DJANGO_SETTINGS_MODULE": "tests.someones.settings", "SOMEONES_DATABASE": cluster.url("primary")}
    done = subprocess.run(
        [sys.executable, "-m", "django", "test", "--noinput", *labels],
        env=os.environ | environment | {"PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
