"""Apps that many projects have, and which of their models a replica must not answer for. Nothing is imported.

Keys are the names in INSTALLED_APPS: a project's own app may be labelled "account", too. APPS.md says what else each
app needs. A model that is swapped counts as the one that replaces it.
"""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Model
from django.utils.module_loading import import_string

EVERY: tuple[str, ...] = ()  # all models of the app

# Who a visitor is: tokens, devices, sessions, grants, and lists of what was revoked or locked out.
LOGINS: Mapping[str, tuple[str, ...]] = {
    "allauth.account": EVERY,
    "allauth.idp.oidc": EVERY,
    "allauth.mfa": EVERY,
    "allauth.socialaccount": EVERY,
    "allauth.usersessions": EVERY,
    "axes": EVERY,
    "django_otp.plugins.otp_static": EVERY,
    "knox": EVERY,
    "oauth2_provider": EVERY,
    "rest_framework.authtoken": EVERY,
    "rest_framework_api_key": EVERY,
    "rest_framework_simplejwt.token_blacklist": EVERY,
    "social_django": EVERY,
    "user_sessions": EVERY,
    "wagtail": ("APIToken",),
}
# The same, for models of a project's own that derive from these.
LOGIN_BASES = (
    "django_otp.models.Device",
    "knox.models.AbstractAuthToken",
    "rest_framework_api_key.models.AbstractAPIKey",
)
# What a visitor may do; and what a library caches for everybody.
PINNED: Mapping[str, tuple[str, ...]] = {
    "constance": EVERY,
    "guardian": EVERY,
    "waffle": EVERY,
    "wagtail": ("Site", "GroupSitePermission", "GroupPagePermission", "GroupCollectionPermission"),
}
PINNED_BASES = (
    "guardian.models.models.BaseObjectPermission",
    "waffle.models.BaseModel",
)


def login_models() -> set[type[Model]]:
    """Return the models of known apps that say who a visitor is, and those of DRF's authentication classes."""
    return _installed(LOGINS) | _derived(LOGIN_BASES) | _models_of_authentication()


def pinned_models() -> set[type[Model]]:
    """Return the other models of known apps that are always read from the primary."""
    return _installed(PINNED) | _derived(PINNED_BASES)


def authentication_classes() -> list[Any]:
    """Return the authentication classes that every view of Django REST framework has by default."""
    if not apps.is_installed("rest_framework"):
        return []
    given = getattr(settings, "REST_FRAMEWORK", {}).get("DEFAULT_AUTHENTICATION_CLASSES", ())
    return [import_string(each) if isinstance(each, str) else each for each in given]


def _models_of_authentication() -> set[type[Model]]:
    """TokenAuthentication, and what people derive from it, names its model."""
    models = (getattr(each, "model", None) for each in authentication_classes())
    return {each for each in models if isinstance(each, type) and issubclass(each, Model)}


def _installed(known: Mapping[str, tuple[str, ...]]) -> set[type[Model]]:
    return {
        _in_force(model)
        for app in apps.get_app_configs()
        if app.name in known
        for model in app.get_models(include_auto_created=True, include_swapped=True)
        if known[app.name] == EVERY or model.__name__ in known[app.name]
    }


def _in_force(model: type[Model]) -> type[Model]:
    swapped = model._meta.swapped
    return apps.get_model(swapped) if swapped else model


def _derived(bases: tuple[str, ...]) -> set[type[Model]]:
    """Return the models that derive from classes of these names."""
    return {
        model
        for model in apps.get_models()
        if any(f"{each.__module__}.{each.__qualname__}" in bases for each in model.__mro__)
    }
