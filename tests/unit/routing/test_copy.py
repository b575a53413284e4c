"""routing/ copied into a bare project: it works with three settings, and check names the one that is missing."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
APP = 'INSTALLED_APPS += ["routing"]\n'
MIDDLEWARE = 'MIDDLEWARE.insert(0, "routing.middleware.RoutingMiddleware")\n'
ROUTER = 'DATABASE_ROUTERS = ["routing.router.PathRouter"]\n'
REPLICA = 'DATABASES["replica1"] = DATABASES["default"] | {"TEST": {"MIRROR": "default"}}\n'


@pytest.fixture
def manage(tmp_path):
    """Make a bare project with routing/ in it; return a function that runs its manage.py."""
    python = [sys.executable, "-W", "error"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    subprocess.run([*python, "-m", "django", "startproject", "bare", tmp_path], check=True, env=environment)
    shutil.copytree(ROOT / "routing", tmp_path / "routing", ignore=shutil.ignore_patterns("__pycache__"))

    def run(more_settings, *arguments):
        settings = tmp_path / "bare" / "settings.py"
        before = settings.read_text()
        settings.write_text(before + more_settings)
        try:
            command = [*python, "manage.py", *arguments]
            return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=50)
        finally:
            settings.write_text(before)

    return run


def test_three_settings_are_enough(manage):
    settings = REPLICA + APP + MIDDLEWARE + ROUTER
    check = manage(settings, "check", "--fail-level", "INFO")
    assert check.returncode == 0, check.stderr
    assert "no issues" in check.stdout
    migrate = manage(settings, "migrate", "--verbosity", "0")
    assert migrate.returncode == 0, migrate.stderr
    page = manage(
        settings,
        "shell",
        "-c",
        "from django.test import Client; "
        "print(Client(headers={'host': 'localhost'}).get('/admin/login/').status_code)",
    )
    assert page.stdout.split()[-1] == "200", page.stderr


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        (REPLICA + APP + ROUTER, "RoutingMiddleware is not in MIDDLEWARE"),
        (REPLICA + APP + MIDDLEWARE, "PathRouter is not in DATABASE_ROUTERS"),
        (REPLICA + MIDDLEWARE + ROUTER, "INSTALLED_APPS"),
        (APP + MIDDLEWARE + ROUTER, "There is no replica"),
    ],
    ids=["no middleware", "no router", "no app", "no replica"],
)
def test_a_forgotten_setting_is_named_by_check(manage, settings, named):
    check = manage(settings, "check", "--fail-level", "WARNING")
    assert check.returncode != 0
    assert named in check.stdout + check.stderr
