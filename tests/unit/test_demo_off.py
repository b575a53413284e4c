"""Without DEMO there is a newspaper and nothing else: no lab, no header that explains, no demo secrets."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
ASK = """
import json, django
django.setup()
from django.conf import settings
from django.db import router
from django.test import Client
client = Client(headers={"host": "paper.example"})
answers = {}
for path in ("/robots.txt", "/nope/", "/lab/", "/lab/state/", "/lab/run/"):
    response = client.get(path, secure=True, headers={"X-Race-Router": "naive"})
    answers[path] = [response.status_code, dict(response.headers), list(response.cookies), response.content.decode()]
print(json.dumps({
    "answers": answers,
    "routers": [type(each).__module__ for each in router.routers],
    "installed": settings.INSTALLED_APPS + settings.MIDDLEWARE,
}))
"""


@pytest.fixture
def python(tmp_path):
    """A function that runs Python as a production server would: without DEMO, with its own secret key."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DEMO", "DEBUG")}
    environment |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "for-a-test-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        "ALLOWED_HOSTS": "paper.example",
        "CACHE_DIR": str(tmp_path),
    }

    def run(*arguments):
        return subprocess.run(
            [sys.executable, *arguments], cwd=PROJECT, env=environment, capture_output=True, text=True, timeout=50
        )

    return run


@pytest.fixture
def site(python):
    # The manifest of static files is made by collectstatic, elsewhere: pages are asked for without it.
    plain = "from django.conf import settings; settings.STORAGES['staticfiles']['BACKEND'] = "
    plain += "'django.contrib.staticfiles.storage.StaticFilesStorage'\n"
    done = python("-c", plain + ASK)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_deployment_checks_are_clean(python):
    done = python("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr


def test_nothing_of_the_demo_is_reachable(site):
    for path, (status, headers, cookies, page) in site["answers"].items():
        assert status == (200 if path == "/robots.txt" else 404), path
        assert "Server-Timing" not in headers, path
        assert not cookies, path
        assert "race-line" not in page, path
        assert "/lab/" not in page, path
        assert "Just published?" not in page, path


def test_nothing_of_the_demo_is_installed(site):
    assert site["routers"] == ["routing.router"]
    assert not [name for name in site["installed"] if "racelab" in name]
