"""The demo's settings, with the router that the environment variable CONTESTANT names (contestants.py).

Without the lab, which is no part of what is measured; and the others without the app `routing`, whose guards and
clock would slow them down.
"""

import json
import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES, INSTALLED_APPS, MIDDLEWARE, ROUTING

from .contestants import CONTESTANTS

_name = os.environ.get("CONTESTANT", "ours")
_contestant = CONTESTANTS[_name]

INSTALLED_APPS.remove("racelab")
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # many logins, whose hashing is not the question
DATABASE_ROUTERS = _contestant.routers
MIDDLEWARE[:1] = _contestant.middleware
ROUTING |= {"EXPLAIN": False, **json.loads(os.environ.get("ROUTING_KEYS", "{}"))}  # as in production

if _name != "ours":
    INSTALLED_APPS.remove("routing")
    if _name == "replicated":
        from django_replicated.settings import *  # noqa: F403
    globals().update(_contestant.settings)
if not _contestant.has_replicas:
    for _alias in [alias for alias in DATABASES if alias != "default"]:
        del DATABASES[_alias]
if os.environ.get("OBSERVE"):
    MIDDLEWARE.insert(0, "tests.benchmarks.observing.count_statements")
    MIDDLEWARE.insert(
        MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware") + 1,
        "tests.benchmarks.observing.name_the_visitor",
    )
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
