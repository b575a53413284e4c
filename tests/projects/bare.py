"""A bare project in one file: what `startproject` makes, and the steps of routing/README.md, on a real cluster."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from routing.databases import replica_of

PORT = int(os.environ["CLUSTER_PORT"])
NODES = {"default": PORT, "replica1": PORT + 1, "replica2": PORT + 2}
REPLICAS = ("replica1", "replica2")
PASSWORD = "insecure-demo-only"
NAME = Path(sys.argv[0]).stem
USERS = ["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]


def ask(node, sql, database="postgres"):
    connection = psycopg2.connect(
        host="127.0.0.1", port=NODES[node], user="postgres", password=PASSWORD, dbname=database
    )
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def wait_until(is_done, what):
    for _ in range(500):
        if is_done():
            return
        time.sleep(0.02)
    raise AssertionError(f"{what}: not within ten seconds")


def caught_up():
    position = ask("default", "SELECT pg_current_wal_flush_lsn()::text")
    for node in REPLICAS:
        wait_until(lambda node=node: ask(node, f"SELECT pg_last_wal_replay_lsn() >= '{position}'::pg_lsn"), node)


@contextmanager
def paused():
    """Both replicas stay at this moment until the block ends."""
    caught_up()
    for node in REPLICAS:
        ask(node, "SELECT pg_wal_replay_pause()")
        wait_until(lambda node=node: ask(node, "SELECT pg_get_wal_replay_pause_state()") == "paused", node)
    try:
        yield
    finally:
        for node in REPLICAS:
            ask(node, "SELECT pg_wal_replay_resume()")
        caught_up()


@contextmanager
def frozen(*nodes):
    """These replicas keep their sockets open, and answer nothing, until the block ends."""
    for node in nodes:
        _command("freeze", node)
    try:
        yield
    finally:
        for node in nodes:
            _command("thaw", node)


def _command(*words):
    where = ["--directory", os.environ["CLUSTER_DIRECTORY"], "--port", str(PORT)]
    command = [sys.executable, "-m", "cluster", *where, *words]
    subprocess.run(command, check=True, cwd=os.environ["CLUSTER_COMMAND_IN"], capture_output=True)


def databases(engine="django.db.backends.postgresql"):
    ask("default", f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
    ask("default", f"CREATE DATABASE {NAME} OWNER app")
    ask("default", "ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT SELECT ON TABLES TO reader", NAME)
    ask("default", "ALTER DEFAULT PRIVILEGES FOR ROLE app GRANT USAGE ON SCHEMAS TO reader", NAME)
    caught_up()
    default = {"ENGINE": engine, "NAME": NAME, "USER": "app", "PASSWORD": PASSWORD, "HOST": "127.0.0.1", "PORT": PORT}
    made = {"default": default}
    return made | {name: replica_of(made, PORT=NODES[name], USER="reader") for name in REPLICAS}


def project(*apps, engine="django.db.backends.postgresql", middleware=(), routing=None, **more):
    """Configure Django with routing, and make the tables of `apps`. `more` are settings."""
    import django
    from django.conf import settings

    auth = "django.contrib.auth.middleware.AuthenticationMiddleware"
    layers = [f"routing.{layer}" for layer in ("bookmarks", "survival", "observing")]
    given = {
        "SECRET_KEY": "insecure" * 8,
        "ALLOWED_HOSTS": ["*"],
        "ROOT_URLCONF": "__main__",
        "DATABASES": databases(engine),
        "STATIC_URL": "static/",
        "INSTALLED_APPS": [*USERS, "django.contrib.messages", "django.contrib.staticfiles", *apps, "routing", *layers],
        "MIDDLEWARE": [
            "routing.middleware.RoutingMiddleware",
            "django.contrib.sessions.middleware.SessionMiddleware",
            auth,
            "django.contrib.messages.middleware.MessageMiddleware",
            *middleware,
        ],
        "TEMPLATES": [
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "APP_DIRS": True,
                "OPTIONS": {
                    "context_processors": [
                        "django.template.context_processors.request",
                        "django.contrib.auth.context_processors.auth",
                        "django.contrib.messages.context_processors.messages",
                    ]
                },
            }
        ],
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": "cache"}},
        "DATABASE_ROUTERS": ["routing.router.PathRouter"],
        "ROUTING": {"PROBE_INTERVAL": 0, **(routing or {})},
        "PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"],
        "EMAIL_BACKEND": "django.core.mail.backends.locmem.EmailBackend",
        "DEFAULT_AUTO_FIELD": "django.db.models.BigAutoField",
    }
    settings.configure(**given | more)
    django.setup()


def tables(*models):
    """Migrate; make the tables of models that the project itself defines, too."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    with connection.schema_editor() as editor:
        for model in models:
            editor.create_model(model)
    caught_up()


def found():
    """Return the ids of what `manage.py check` says about routing."""
    from django.core.checks import run_checks

    return sorted({message.id for message in run_checks() if str(message.id).startswith("routing.")})


def visitor(**headers):
    """Return a browser, or a client of an API."""
    from django.test import Client

    return Client(headers=headers)


def editor(name="editor"):
    from django.contrib.auth import get_user_model

    browser = visitor()
    browser.force_login(get_user_model().objects.create_superuser(name, f"{name}@example.com", "secret"))
    caught_up()
    return browser
