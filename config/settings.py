"""Settings of The Daily Replica. What differs between machines comes from the environment."""

import os
from pathlib import Path

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def flag(name):
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


# The demo edition brings its own secrets, logins and local cluster. Nothing of it is a default elsewhere.
DEMO = flag("DEMO")


def required(name, in_demo):
    if value := os.environ.get(name) or (DEMO and in_demo):
        return value
    raise ImproperlyConfigured(f"{name} is not set. Set it in the environment, or set DEMO=1 to run the demo edition.")


# --- The lesson -----------------------------------------------------------------------------------------
# One primary, and any number of replicas that stream from it. `default` connects as the owner and may
# write; the replica aliases connect as a role that can only SELECT. The router decides for each query; it
# finds the request through RoutingMiddleware (below, first in MIDDLEWARE). Every key of ROUTING is optional.
_port = int(os.environ.get("CLUSTER_PORT") or 54320)
_nodes = f"127.0.0.1:{_port},127.0.0.1:{_port + 1},127.0.0.1:{_port + 2}"
_primary = required(
    "DATABASE_URL", f"postgres://app:insecure-demo-only@{_nodes}/newspaper?target_session_attrs=read-write"
)
_replicas = os.environ.get("REPLICA_URLS") or (
    f"postgres://reader:insecure-demo-only@127.0.0.1:{_port + 1}/newspaper,"
    f"postgres://reader:insecure-demo-only@127.0.0.1:{_port + 2}/newspaper"
    if DEMO and not os.environ.get("DATABASE_URL")
    else ""
)


def database(url, **more):
    """Keep connections, and never wait for a server longer than two seconds to connect.

    A list of servers, `user@host1:port1,host2:port2/name`, is one database that moves among them (libpq's syntax).
    """
    user, at, rest = url.strip().rpartition("@")
    servers, slash, name = rest.partition("/")
    first, *others = servers.split(",")
    config = dj_database_url.parse(f"{user}{at}{first}{slash}{name}", conn_max_age=600, **more)
    if others:
        pairs = [each.partition(":") for each in (first, *others)]
        config["HOST"] = ",".join(host for host, _, _ in pairs)
        config["PORT"] = ",".join(port or "5432" for _, _, port in pairs)
    config.setdefault("OPTIONS", {}).setdefault("connect_timeout", 2)
    return config


DATABASES = {"default": database(_primary, conn_health_checks=True)}
for _number, _url in enumerate(filter(None, _replicas.split(",")), start=1):
    # No health checks: a page whose replica does not answer is made again elsewhere. MIRROR: tests use the same real
    # standby, which streams the tests' database too.
    DATABASES[f"replica{_number}"] = database(_url) | {"TEST": {"MIRROR": "default"}}

DATABASE_ROUTERS = ["routing.router.PathRouter"]
ROUTING = {
    "EXPLAIN": DEMO,  # Server-Timing: which database served each query, and why
    "METRICS": flag("METRICS"),  # for Prometheus, at /metrics: keep the public away from it
}
# --------------------------------------------------------------------------------------------------------

# Shared by all processes: what one drops, the others must not find. Several machines need Redis or the like.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.filebased.FileBasedCache",
        "LOCATION": os.environ.get("CACHE_DIR") or BASE_DIR / ".local" / "cache",
    }
}

SECRET_KEY = required("SECRET_KEY", "insecure-demo-only-secret-key-of-more-than-fifty-characters")
DEBUG = flag("DEBUG")
ALLOWED_HOSTS = os.environ.get("ALLOWED_HOSTS", "*" if DEMO else "").replace(",", " ").split()

INSTALLED_APPS = [
    *(["racelab"] if DEMO else []),  # the lab, which shows the race: delete racelab/, this line, and one in urls.py
    "backoffice",
    "publicsite",
    "routing",  # the pattern; and its layers, each of which can be left out
    "routing.bookmarks",
    "routing.survival",
    "routing.observing",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "routing.middleware.RoutingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

CSRF_FAILURE_VIEW = "backoffice.kept_text.csrf_failure"

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_I18N = False
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

STATIC_URL = "static/"
# The demo serves files from where they lie; elsewhere collectstatic gives each version a name of its own.
STATIC_ROOT = None if DEMO else BASE_DIR / "staticfiles"
WHITENOISE_USE_FINDERS = DEMO
STORAGES = {
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEMO
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    }
}

# Behind HTTPS everywhere but in the demo, which runs on http://127.0.0.1.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEMO
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("BEHIND_PROXY") else None

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
