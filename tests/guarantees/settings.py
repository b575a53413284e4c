"""The project's settings, and the router that the environment variable ROUTER names: ours, published or naive.

Every page looks who is there, as on most sites: the newspaper's own pages do not, and could lose no login.
"""

import os

from config.settings import *  # noqa: F403
from config.settings import DATABASE_ROUTERS, MIDDLEWARE, ROUTING

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # thousands of logins
MIDDLEWARE.insert(
    MIDDLEWARE.index("django.contrib.auth.middleware.AuthenticationMiddleware") + 1, "tests.guarantees.greeting.greet"
)

if os.environ["ROUTER"] != "ours":
    MIDDLEWARE[0] = "django_middleware_global_request.middleware.GlobalRequestMiddleware"
    DATABASE_ROUTERS[:] = {
        "published": ["tests.support.published_router.PublishedRouter"],
        "naive": ["tests.support.naive_router.NaiveRouter"],
    }[os.environ["ROUTER"]]
    ROUTING |= {"PUBLIC_WRITES": "allow", "STALE_SAVES": "allow"}
