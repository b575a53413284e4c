"""Processes beside the tests, on the tests' database: a worker, a server."""

import os
import sys
from pathlib import Path

from django.db import connections

ROOT = Path(__file__).resolve().parents[2]


def python(*arguments):
    """Return the keyword arguments with which subprocess runs Python on the tests' database."""
    name = connections["default"].settings_dict["NAME"]
    urls = {key: os.environ[key].replace("/newspaper", f"/{name}") for key in ("DATABASE_URL", "REPLICA_URLS")}
    environment = os.environ | urls | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    return {"args": [sys.executable, *arguments], "cwd": ROOT, "env": environment}
