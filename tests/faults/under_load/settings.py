"""The demo's settings, under gunicorn, with what a test wants differently: ROUTING_KEYS, and PUBLISHED=1."""

import json
import os

from config.settings import *  # noqa: F403
from config.settings import DATABASES, ROUTING, flag

ROUTING |= json.loads(os.environ.get("ROUTING_KEYS", "{}"))
LOGGING = {
    "version": 1,
    "formatters": {"plain": {"format": "%(process)d %(name)s %(levelname)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}

if flag("PUBLISHED"):  # the published pattern, with every knob that libpq and Django have
    DATABASE_ROUTERS = ["tests.published_router.PublishedRouter"]
    ROUTING |= {"REPLICA_TIMEOUT": 0, "PROBE_INTERVAL": 0}
    for _alias in ("replica1", "replica2"):
        DATABASES[_alias]["CONN_HEALTH_CHECKS"] = True
        DATABASES[_alias]["OPTIONS"] |= {
            "tcp_user_timeout": 3000,
            "keepalives_idle": 5,
            "keepalives_interval": 1,
            "keepalives_count": 3,
        }
