"""What is always read from the primary: some paths, and on every path the models that a login depends on.

If a replica is behind, Django may not find a session there, and deletes the visitor's cookie. Or it finds an old
password hash, and deletes the session.
"""

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.db.models import Model
from django.urls import NoReverseMatch, get_resolver, get_script_prefix, reverse
from django.utils import translation

from .conf import conf, forget_on_change, kept_until_change

# If installed. Django keeps a Site and a ContentType for the life of the process.
DJANGO_MODELS = (
    "auth.Group",
    "auth.Permission",
    "contenttypes.ContentType",
    "admin.LogEntry",
    "sites.Site",
)
_SETTINGS = ("ROUTING", "SESSION_ENGINE", "AUTH_USER_MODEL", "INSTALLED_APPS", "REST_FRAMEWORK")
# Where editors work, beside Django's admin: names of URLs.
EDITORS = ("wagtailadmin_home",)


class _Answers(dict[type[Model], bool]):
    """Every query asks: a dict answers at once."""

    def __missing__(self, model: type[Model]) -> bool:
        if len(self) >= 1000:  # migrations and tests make models that are gone soon
            self.clear()
        is_it = self[model] = _look_up(model)
        return is_it


_answers = _Answers()
forget_on_change(*_SETTINGS)(_answers.clear)
# is_pinned(model): whether it is pinned.
is_pinned = _answers.__getitem__


def _look_up(model: type[Model]) -> bool:
    """A model itself, what it is a proxy of, or whose many-to-many table it is.

    So is the entry of a cache in the database, which is no real model. A replica would bring back what was deleted.
    """
    if not issubclass(model, Model):
        return True
    owner: Any = model._meta.auto_created or model
    return owner._meta.concrete_model in _pinned_models()


def cache_tables() -> set[str]:
    """Return the tables of Django's caches in the database."""
    every = map(caches.__getitem__, settings.CACHES)
    return {each._table for each in every if isinstance(each, BaseDatabaseCache)}  # type: ignore[attr-defined]


def is_login_model(model: type[Model]) -> bool:
    """Return whether a model says who a visitor is: the session's, the user's, a token's."""
    return model._meta.concrete_model in _login_models()


@kept_until_change(*_SETTINGS)
def _login_models() -> frozenset[type[Model]]:
    from . import known_apps  # asked once, at the first query

    models = session_models() | known_apps.login_models()
    if "auth" in apps.app_configs:
        user = apps.get_model(settings.AUTH_USER_MODEL)
        models |= {model for model in apps.get_models() if issubclass(model, user)}  # a child has a user's password
    return _with_parents(models)


@kept_until_change(*_SETTINGS)
def _pinned_models() -> frozenset[type[Model]]:
    from . import known_apps

    labels = [label for label in DJANGO_MODELS if label.partition(".")[0] in apps.app_configs]
    return _login_models() | _with_parents(models_of(*labels, *conf().primary_models) | known_apps.pinned_models())


def _with_parents(models: set[type[Model]]) -> frozenset[type[Model]]:
    """Return models and what they inherit from: a custom user model may have a row in another table, too."""
    return frozenset(models.union(*(model._meta.get_parent_list() for model in models)))


def models_of(*labels: str) -> set[type[Model]]:
    """Return the models that each "app.Model", or "app" for all of an app's, stands for. Raises LookupError."""
    return {
        model
        for label in labels
        for model in (
            [apps.get_model(label)]
            if "." in label
            else apps.get_app_config(label).get_models(include_auto_created=True)
        )
    }


def session_models() -> set[type[Model]]:
    """Return the session engine's models; engines such as cache, file and signed_cookies have none."""
    engine = import_module(settings.SESSION_ENGINE)
    try:
        return {engine.SessionStore.get_model_class()}
    except (AttributeError, RuntimeError):  # RuntimeError: the model's app is not installed
        found = [each for each in vars(engine).values() if isinstance(each, type) and issubclass(each, Model)]
        return {each for each in found if each in apps.get_models()}


# --- Paths. Whole segments: `/admin` is not `/administration-guide` ---


def is_primary_path(path_info: str) -> bool:
    """Return whether `path_info` (the path below SCRIPT_NAME) lies under one of PRIMARY_PATHS."""
    return any(path_info == path or path_info.startswith(path + "/") for path in primary_paths())


def primary_paths() -> tuple[str, ...]:
    """Return where an admin is mounted, and PRIMARY_PATHS: without trailing slashes."""
    return _primary_paths(settings.ROOT_URLCONF)


@cache
def _primary_paths(urlconf: str) -> tuple[str, ...]:
    paths = (*find_admin_paths(urlconf), *conf().primary_paths)
    return tuple(dict.fromkeys(path.rstrip("/") for path in paths))


def find_admin_paths(urlconf: str) -> Iterator[str]:
    """Yield where editors work: the URLconf's admin sites, and known others, in every language (i18n_patterns)."""
    for language, _ in settings.LANGUAGES if settings.USE_I18N else [(settings.LANGUAGE_CODE, "")]:
        with translation.override(language):
            admins = [f"{namespace}:index" for namespace in get_resolver(urlconf).app_dict.get("admin", [])]
            for name in (*admins, *EDITORS):
                try:
                    path = reverse(name, urlconf=urlconf)
                except NoReverseMatch:  # not installed; or its mount point takes arguments: name it in PRIMARY_PATHS
                    continue
                yield "/" + path.removeprefix(get_script_prefix())


forget_on_change("ROUTING", "USE_I18N", "LANGUAGES", "FORCE_SCRIPT_NAME")(_primary_paths.cache_clear)
