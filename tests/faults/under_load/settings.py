"""The demo's settings, under gunicorn, with what a test wants differently: ROUTING_KEYS, GREETING=1, and PUBLISHED=1.

With GREETING every page looks who is there, as on most sites, and says so in X-Visitor.
"""

import json
import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES, MIDDLEWARE, ROUTING, flag

ROUTING |= json.loads(os.environ.get("ROUTING_KEYS", "{}"))
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(process)d %(name)s %(levelname)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}

if flag("GREETING"):
    _place = MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware") + 1
    MIDDLEWARE.insert(_place, "tests.guarantees.greeting.greet")

if flag("PUBLISHED"):  # the published pattern, with every knob that libpq and Django have
    DATABASE_ROUTERS = ["tests.support.published_router.PublishedRouter"]
    MIDDLEWARE[0] = "django_middleware_global_request.middleware.GlobalRequestMiddleware"
    ROUTING |= {"REPLICA_TIMEOUT": 0, "PROBE_INTERVAL": 0, "PUBLIC_WRITES": "allow", "STALE_SAVES": "allow"}
    for _alias in ("replica1", "replica2"):
        DATABASES[_alias]["CONN_HEALTH_CHECKS"] = True
        DATABASES[_alias]["OPTIONS"] |= {
            "tcp_user_timeout": 3000,
            "keepalives_idle": 5,
            "keepalives_interval": 1,
            "keepalives_count": 3,
        }
