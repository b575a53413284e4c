"""INCOMPLETE ON PURPOSE: added at the end of a fresh project's settings. Three lines of routing are missing."""

import os

import dj_database_url

ALLOWED_HOSTS = ["*"]
DATABASES = {"default": dj_database_url.parse(os.environ["DATABASE_URL"])}
for number, url in enumerate(os.environ["REPLICA_URLS"].split(","), start=1):
    DATABASES[f"replica{number}"] = dj_database_url.parse(url) | {"TEST": {"MIRROR": "default"}}

# Pages that editors write in the admin and readers read at /about/: flatpages, one of Django's own apps.
SITE_ID = 1
INSTALLED_APPS += ["django.contrib.sites", "django.contrib.flatpages"]
MIDDLEWARE += ["django.contrib.flatpages.middleware.FlatpageFallbackMiddleware"]
