"""Settings of The Daily Replica. What differs between machines comes from the environment."""

import os
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent


def flag(name):
    return os.environ.get(name, "").lower() in {"1", "true", "yes", "on"}


def brief(record):
    if 400 <= getattr(record, "status_code", 500) < 500:
        record.exc_info = None
    return True


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
    "PUBLIC_WRITES": "forbid",  # readers' pages write nothing here: whichever does is a mistake
    "PRIMARY_MODELS": ["axes"],  # failed logins: counted where they are written
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
# Feed, sitemap and canonical links name the host that was asked for: only one that is ours.
# (testserver: the test client of scripts and lessons.)
_hosts = os.environ.get("ALLOWED_HOSTS") or (".localhost 127.0.0.1 [::1] testserver" if DEMO else "")
ALLOWED_HOSTS = _hosts.replace(",", " ").split()

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
    "axes",
]

# What adds headers and asks no database: routing's own 503, from above all of it, gets them in config/headers.py.
HEADER_MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_permissions_policy.PermissionsPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "config.strict.StrictMiddleware",
]
MIDDLEWARE = [
    "routing.middleware.RoutingMiddleware",
    *HEADER_MIDDLEWARE,
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "axes.middleware.AxesMiddleware",
]

CSRF_FAILURE_VIEW = "backoffice.kept_text.csrf_failure"

# Whatever the address. The paper's own pages allow no POST: publicsite/reading.py.
ALLOWED_METHODS = ["GET", "HEAD", "POST"]

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

# Five wrong passwords for one name from one address, and that pair has to wait.
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=5)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "publicsite.views.errors.too_many_logins"
AXES_USERNAME_CALLABLE = "config.strict.username"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = AXES_VERBOSE = False

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
SECURE_REDIRECT_EXEMPT = ["^health/"]  # probes come from inside
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("BEHIND_PROXY") else None

# All that a page needs comes from this site, and no page runs or wears what stands in the HTML itself.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        **dict.fromkeys(("script-src", "style-src", "img-src", "font-src", "connect-src", "form-action"), [SELF]),
        **dict.fromkeys(("base-uri", "frame-ancestors"), [NONE]),
    }
}
PERMISSIONS_POLICY = dict.fromkeys(("camera", "geolocation", "microphone", "payment", "usb"), [])
WHITENOISE_ALLOW_ALL_ORIGINS = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # Whoever sends nonsense gets a 4xx, and the log a line: where our code was then is of no use.
    "filters": {"brief": {"()": "django.utils.log.CallbackFilter", "callback": brief}},
    "handlers": {"console": {"class": "logging.StreamHandler", "filters": ["brief"]}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {"axes": {"level": "WARNING"}},
}
