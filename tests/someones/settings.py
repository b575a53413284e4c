"""A project that took routing by the README, with test mirrors and nothing else. Its server is that of our tests."""

import os

import dj_database_url

_PRIMARY = dj_database_url.parse(os.environ["SOMEONES_DATABASE"])
DATABASES = {
    "default": {**_PRIMARY, "TEST": {"NAME": "test_someones"}},
    "replica1": {**_PRIMARY, "TEST": {"MIRROR": "default"}},
    "replica2": {**_PRIMARY, "TEST": {"MIRROR": "default"}},
}
DATABASE_ROUTERS = ["routing.router.PathRouter"]
ROUTING = {"EXPLAIN": True}
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "tests.samples",
    "routing",
    "routing.bookmarks",
    "routing.survival",
    "routing.observing",
]
MIDDLEWARE = [
    "routing.middleware.RoutingMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
ROOT_URLCONF = "tests.someones.urls"
SECRET_KEY = "insecure-for-tests-only"
STATIC_URL, MEDIA_URL = "static/", "media/"  # a LiveServerTestCase asks for both
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
