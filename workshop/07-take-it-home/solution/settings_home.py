"""Added at the end of a fresh project's settings."""

import os

ALLOWED_HOSTS = ["*"]
SERVER = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "newspaper",
    "HOST": "127.0.0.1",
    "PASSWORD": "insecure-demo-only",
}
PORT = int(os.environ["WORKSHOP_PORT"])  # the primary's; the replicas have the next two
DATABASES = {"default": SERVER | {"PORT": PORT, "USER": "app"}}
for number in (1, 2):
    replica = {"PORT": PORT + number, "USER": "reader", "TEST": {"MIRROR": "default"}}
    DATABASES[f"replica{number}"] = SERVER | replica

# Pages that editors write in the admin and readers read at /about/: flatpages, one of Django's own apps.
SITE_ID = 1
INSTALLED_APPS += ["django.contrib.sites", "django.contrib.flatpages"]
MIDDLEWARE += ["django.contrib.flatpages.middleware.FlatpageFallbackMiddleware"]

INSTALLED_APPS += ["routing", "routing.bookmarks", "routing.survival", "routing.observing"]
MIDDLEWARE.insert(0, "routing.middleware.RoutingMiddleware")
DATABASE_ROUTERS = ["routing.router.PathRouter"]
