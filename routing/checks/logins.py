"""Who a visitor is must be read from the primary. What says so by code that routing does not know is named here."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import load_backend
from django.contrib.sessions.backends import cache, file, signed_cookies
from django.core.checks import CheckMessage, Warning

from ..known_apps import authentication_classes
from ..pinned import session_models
from .installation import path_of

# Their models are pinned (known_apps.py), or they read the user's.
_KNOWN = (
    "allauth",
    "axes",
    "django",
    "django_auth_ldap",
    "django_otp",
    "guardian",
    "knox",
    "mozilla_django_oidc",
    "oauth2_provider",
    "rest_framework",
    "rest_framework_api_key",
    "rest_framework_simplejwt",
    "rules",
    "social_core",
    "social_django",
    "user_sessions",
    "wagtail",
)
_WITHOUT_MODEL = (cache.SessionStore, file.SessionStore, signed_cookies.SessionStore)
_CURE = "Name the models that it reads in ROUTING['PRIMARY_MODELS']. If it reads the user's alone, or none, silence"


def check_logins(**kwargs: Any) -> list[CheckMessage]:
    return [*_check_session_engine(), *_check_backends(), *_check_authentication_classes()]


def _check_session_engine() -> Iterator[CheckMessage]:
    store = import_module(settings.SESSION_ENGINE).SessionStore
    is_djangos = store.__module__.startswith("django.")
    if not (is_djangos or issubclass(store, _WITHOUT_MODEL) or session_models()):
        yield Warning(
            f"Where the session engine {settings.SESSION_ENGINE!r} keeps sessions is not known. A session that a "
            "replica does not have yet logs its visitor out.",
            hint=f"{_CURE} routing.W013.",
            id="routing.W013",
        )


def _check_backends() -> Iterator[CheckMessage]:
    for path in settings.AUTHENTICATION_BACKENDS:
        kind = type(load_backend(path))
        if stranger := _stranger(kind, "get_user"):
            yield Warning(
                f"{path_of(stranger)}.get_user, of AUTHENTICATION_BACKENDS, may read a user from a replica: a new one "
                "is anonymous there, and one who was locked out is not.",
                hint=f"{_CURE} routing.W014.",
                id="routing.W014",
            )


def _check_authentication_classes() -> Iterator[CheckMessage]:
    for kind in authentication_classes():
        names = ("authenticate", "authenticate_credentials", "get_model")
        if stranger := next(filter(None, (_stranger(kind, name) for name in names)), None):
            yield Warning(
                f"{path_of(stranger)}, of REST_FRAMEWORK['DEFAULT_AUTHENTICATION_CLASSES'], may read a token from a "
                "replica: a new one is refused, and one that was revoked is accepted.",
                hint=f"{_CURE} routing.W015.",
                id="routing.W015",
            )


def _stranger(kind: type, method: str) -> type | None:
    """Return the class that a method comes from, if it is of no package that is known."""
    owner = next((each for each in kind.__mro__ if method in vars(each)), None)
    if owner is None or owner is object or owner.__module__.partition(".")[0] in _KNOWN:
        return None
    return owner
