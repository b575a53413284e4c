"""routing/ copied into a bare project, with any layer deleted, under any name; and check names what is missing."""

import os
import shutil
import subprocess
import sys
from itertools import combinations
from pathlib import Path

import pytest
from django.db import connections

ROOT = Path(__file__).resolve().parents[3]
LAYERS = ("bookmarks", "survival", "observing")
SUBSETS = [subset for size in range(len(LAYERS) + 1) for subset in combinations(LAYERS, size)]
REPLICA = 'DATABASES["replica1"] = DATABASES["default"] | {"TEST": {"MIRROR": "default"}}\n'


def settings_of(package="routing", layers=LAYERS):
    """The lines that a project adds."""
    apps = [package, *(f"{package}.{layer}" for layer in layers)]
    return {
        "app": f"INSTALLED_APPS += {apps!r}\n",
        "middleware": f'MIDDLEWARE.insert(0, "{package}.middleware.RoutingMiddleware")\n',
        "router": f'DATABASE_ROUTERS = ["{package}.router.PathRouter"]\n',
    }


# What the bare project is asked: one page of the admin and the pattern's rules, on whichever database.
RULES = """
import importlib, sys
package = sys.argv[-1]
from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.flatpages.models import FlatPage
from django.db import transaction
from django.test import Client, RequestFactory
from django.core.management import call_command
call_command("check", fail_level="INFO")
call_command("migrate", verbosity=0)
routing = importlib.import_module(package)
scope = importlib.import_module(f"{package}.request").RequestScope
where = lambda: FlatPage.objects.all().db

def within(path, method="GET"):
    inside = scope(RequestFactory().generic(method, path))
    inside.enter()
    try:
        return where(), get_user_model().objects.all().db
    finally:
        inside.leave()

assert where() == "default"
with routing.replica():
    assert where() == "replica1"
assert within("/") == ("replica1", "default"), within("/")
assert within("/administration-guide/") == ("replica1", "default")
assert within("/admin/") == ("default", "default")
assert within("/", "POST") == ("default", "default")
with routing.primary():
    assert within("/") == ("default", "default")
with transaction.atomic():
    assert within("/") == ("default", "default")
page = Client(headers={"host": "localhost"}).get("/admin/login/")
assert page.status_code == 200, page.status_code
user = get_user_model().objects.create_superuser("ed", password="ed")
browser = Client(headers={"host": "localhost"})
browser.force_login(user)
assert browser.get("/admin/").status_code == 200
added = browser.post("/admin/auth/group/add/", {"name": "desk"})
assert added.status_code == 302, added.content
bookmarks = [name for name in browser.cookies if name.startswith("routing_bookmark")]
is_postgresql = "postgres" in settings.DATABASES["default"]["ENGINE"]
assert bool(bookmarks) == (is_postgresql and f"{package}.bookmarks" in settings.INSTALLED_APPS)
print("all rules hold")
"""


ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
PYTHON = [sys.executable, "-W", "error"]


@pytest.fixture(scope="module")
def bare(tmp_path_factory):
    """What `django-admin startproject` makes."""
    folder = tmp_path_factory.mktemp("bare")
    subprocess.run([*PYTHON, "-m", "django", "startproject", "bare", folder], check=True, env=ENVIRONMENT)
    return folder


@pytest.fixture
def manage(bare, tmp_path):
    """Copy the bare project, and routing/ into it; return a function that runs its manage.py with more settings."""
    shutil.copytree(bare, tmp_path, dirs_exist_ok=True)

    def run(more_settings, *arguments, package="routing", layers=LAYERS):
        without = shutil.ignore_patterns("__pycache__", *(set(LAYERS) - set(layers)))
        shutil.copytree(ROOT / "routing", tmp_path.joinpath(*package.split(".")), ignore=without)
        with (tmp_path / "bare" / "settings.py").open("a") as settings:
            settings.writelines(more_settings)
        command = [*PYTHON, "manage.py", *arguments]
        return subprocess.run(command, cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, timeout=50)

    return run


@pytest.fixture
def postgresql(django_db_blocker, tmp_path):
    """Settings for a database of its own on the tests' cluster."""
    default = connections["default"].settings_dict
    name = f"bare_{os.getpid()}"
    with django_db_blocker.unblock():
        connection = connections.create_connection("default")
        with connection.cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        primary = {key: default[key] for key in ("ENGINE", "USER", "PASSWORD")} | {"NAME": name}
        primary |= {key: str(default[key]).split(",")[0] for key in ("HOST", "PORT")}
        replica = primary | {"PORT": connections["replica1"].settings_dict["PORT"], "TEST": {"MIRROR": "default"}}
        yield f"DATABASES = {{'default': {primary!r}, 'replica1': {replica!r}}}\n"
        with connection.cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
        connection.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request):
    return REPLICA if request.param == "sqlite" else request.getfixturevalue("postgresql")


def rules_hold(manage, settings, package="routing", layers=LAYERS):
    more = [*settings, "INSTALLED_APPS += ['django.contrib.sites', 'django.contrib.flatpages']\nSITE_ID = 1\n"]
    script = f"import sys; sys.argv.append({package!r})\n{RULES}"
    rules = manage(more, "shell", "--no-imports", "-c", script, package=package, layers=layers)
    assert "no issues" in rules.stdout, rules.stdout + rules.stderr
    assert "all rules hold" in rules.stdout, rules.stderr


@pytest.mark.parametrize("layers", SUBSETS, ids=lambda layers: "+".join(layers) or "pattern")
def test_each_layer_can_be_deleted(manage, database, layers):
    rules_hold(manage, [database, *settings_of(layers=layers).values()], layers=layers)


def test_the_folder_can_be_renamed_and_moved(manage):
    package = "core.db.reading"
    rules_hold(manage, [REPLICA, *settings_of(package).values()], package)


@pytest.mark.parametrize(
    ("missing", "named"),
    [
        ("middleware", "RoutingMiddleware is not in MIDDLEWARE"),
        ("router", "PathRouter is not in DATABASE_ROUTERS"),
        ("app", "INSTALLED_APPS"),
        ("replica", "There is no replica"),
    ],
)
def test_a_forgotten_setting_is_named_by_check(manage, missing, named):
    lines = {"replica": REPLICA, **settings_of()}
    del lines[missing]
    check = manage(lines.values(), "check", "--fail-level", "WARNING")
    assert check.returncode != 0
    assert named in check.stdout + check.stderr


def test_the_router_alone_loads_little():
    """Ten modules of routing at most, beside the packages themselves."""
    script = "import sys, routing.router; print(*[name for name in sys.modules if name.startswith('routing.')])"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    assert len(done.stdout.split()) <= 10, done.stdout
