"""The demo's settings, with a cache that ends with the process, and without the watchers in the background: a test
says itself what is known of a replica.
"""

from config.settings import *  # noqa: F403
from config.settings import ROUTING

ROUTING |= {"PROBE_INTERVAL": 0}
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
