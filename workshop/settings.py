"""The newspaper's settings for a lesson. Chapters 1 to 3 bring a router.py, and run the bare pattern with it: without
bookmarks, pinned models and guards. The later ones run the product.
"""

import sys
from importlib.util import find_spec

from config.settings import *  # noqa: F403
from config.settings import MIDDLEWARE, ROUTING

ROOT_URLCONF = "workshop.pages"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick: nobody guesses these
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
ROUTING |= {"PROBE_INTERVAL": 0, "EXPLAIN": False}  # no thread asks the replicas in the background
LOGGING = {}
MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")  # each browser of a lesson would look for all files
sys.dont_write_bytecode = True  # the chapters' folders are for reading

if find_spec("router"):
    DATABASE_ROUTERS = ["router.Router"]
    MIDDLEWARE[0] = "django_middleware_global_request.middleware.GlobalRequestMiddleware"
    ROUTING |= {"PUBLIC_WRITES": "allow", "STALE_SAVES": "allow"}
