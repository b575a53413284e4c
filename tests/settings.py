"""The demo's settings, with a cache that ends with the process, and without the watchers in the background: a test
says itself what is known of a replica. Two more apps: models of all kinds, and a task queue in the database.
"""

import os

import django
from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql.psycopg_any import is_psycopg3

from config.settings import *  # noqa: F403
from config.settings import ALLOWED_METHODS, DATABASES, INSTALLED_APPS, MIDDLEWARE, ROUTING

INSTALLED_APPS += ["tests.samples", "django_tasks", "django_tasks_db"]
MIGRATION_MODULES = {"django_tasks_database": None}  # its table at once, and not in 21 steps
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
ROUTING |= {"PROBE_INTERVAL": 0, "PRIMARY_MODELS": [*ROUTING["PRIMARY_MODELS"], "django_tasks_database"]}
ALLOWED_METHODS = [*ALLOWED_METHODS, "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "QUERY"]  # routing knows them all
AXES_ENABLED = False  # tests log in without a request; those of the throttle say otherwise
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Each test client makes its own middleware: WhiteNoise would look at all static files again and again.
MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # fast, for tests only

# Django takes psycopg 3 wherever it is installed. DRIVER says which is meant: psycopg2 (the site's own), psycopg3, or
# psycopg3-pool. `make test-psycopg3` sets it.
DRIVER = os.environ.get("DRIVER") or "psycopg2"
if is_psycopg3 != DRIVER.startswith("psycopg3"):
    raise ImproperlyConfigured(f"DRIVER is {DRIVER}, and Django found {'psycopg 3' if is_psycopg3 else 'psycopg2'}.")
if DRIVER == "psycopg3-pool":
    for database in DATABASES.values():
        database["CONN_MAX_AGE"] = 0  # Django insists: the pool keeps them
        database["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 10, "timeout": 5}

# Django 6 wants django.contrib.postgres installed for the newspaper's search. That app asks each new connection two
# questions, for types that nobody uses here, and the newspaper stays on 5.2.
if django.VERSION >= (6, 0):
    SILENCED_SYSTEM_CHECKS = ["fields.E223", "postgres.E005"]
