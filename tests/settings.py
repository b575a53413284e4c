"""The demo's settings, with a cache that ends with the process, and without the watchers in the background: a test
says itself what is known of a replica. Two more apps: models of all kinds, and a task queue in the database.
"""

from config.settings import *  # noqa: F403
from config.settings import ALLOWED_METHODS, INSTALLED_APPS, MIDDLEWARE, ROUTING

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
