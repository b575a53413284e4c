"""What routing can do without: with these packages missing, the site still runs."""

import importlib
import os
import subprocess
import sys

import pytest
from django.core.exceptions import ImproperlyConfigured

MISSING = """
import sys
sys.modules.update(dict.fromkeys(["debug_toolbar", "prometheus_client"]))  # None: whoever imports one gets ImportError
"""
SERVE = """
import django
django.setup()

from django.test import Client
assert Client().get("/admin/login/").status_code == 200
"""
UNUSED = """
import sys
assert not {"debug_toolbar", "prometheus_client"} & set(sys.modules)
"""


@pytest.fixture
def run():
    def run(script):
        return subprocess.run(
            [sys.executable, "-W", "error", "-c", script],
            env=os.environ | {"DJANGO_SETTINGS_MODULE": "config.settings"},
            capture_output=True,
            text=True,
            timeout=50,
        )

    return run


def test_without_the_optional_packages_pages_are_served(run):
    result = run(MISSING + SERVE)
    assert result.returncode == 0, result.stderr


def test_metrics_without_their_package_say_what_to_install(monkeypatch):
    from routing.observing import metrics

    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with pytest.raises(ImproperlyConfigured, match="pip install prometheus-client"):
        importlib.reload(metrics)


def test_with_them_installed_but_not_wanted_they_are_not_imported(run):
    result = run(SERVE + UNUSED)
    assert result.returncode == 0, result.stderr
