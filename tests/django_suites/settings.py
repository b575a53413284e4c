"""For Django's own tests: two databases, and two replicas that are test mirrors. With ROUTED=1, they are routed.

INSTALLED_APPS and MIDDLEWARE are what Django's runtests.py says, and run.py adds to them.
"""

import os

_SERVER = {
    "ENGINE": "django.db.backends.postgresql",
    "HOST": "127.0.0.1",
    "PORT": os.environ["SUITES_PORT"],
    "USER": "postgres",
    "PASSWORD": os.environ["SUITES_PASSWORD"],
}
DATABASES = {
    "default": {**_SERVER, "NAME": "django"},
    "other": {**_SERVER, "NAME": "django_other"},
    "replica1": {**_SERVER, "NAME": "django", "TEST": {"MIRROR": "default"}},
    "replica2": {**_SERVER, "NAME": "django", "TEST": {"MIRROR": "default"}},
}
if os.environ.get("ROUTED"):
    DATABASE_ROUTERS = ["routing.router.PathRouter"]

TEST_RUNNER = "tests.django_suites.run.RecordingRunner"
# As in Django's tests/test_sqlite.py.
SECRET_KEY = "insecure-for-tests-only"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = False
