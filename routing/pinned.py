"""What is always read from the primary: some paths, and on every path the models that a login depends on.

Read from a replica that is behind, a session is not found and Django deletes the visitor's cookie; or a
password hash is old, and Django deletes the session.
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

# Where installed. Site belongs to them because Django keeps it for the life of the process.
DJANGO_MODELS = (
    "auth.Group",
    "auth.Permission",
    "contenttypes.ContentType",
    "admin.LogEntry",
    "sites.Site",
)


class _Answers(dict[type[Model], bool]):
    """Every query asks: a dict answers at once."""

    def __missing__(self, model: type[Model]) -> bool:
        if len(self) >= 1000:  # migrations and tests make models that are gone soon
            self.clear()
        is_it = self[model] = _look_up(model)
        return is_it


_answers = _Answers()
forget_on_change("ROUTING", "SESSION_ENGINE", "AUTH_USER_MODEL", "INSTALLED_APPS")(_answers.clear)
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


@kept_until_change("ROUTING", "SESSION_ENGINE", "AUTH_USER_MODEL", "INSTALLED_APPS")
def _pinned_models() -> frozenset[type[Model]]:
    labels = [label for label in DJANGO_MODELS if label.partition(".")[0] in apps.app_configs]
    if "auth" in apps.app_configs:
        labels.append(settings.AUTH_USER_MODEL)
    models = {model for label in (*labels, *conf().primary_models) for model in _models_of(label)}
    if session := _session_model():
        models.add(session)
    # A custom user model may inherit from another table.
    return frozenset(models.union(*(model._meta.get_parent_list() for model in models)))


def _models_of(label: str) -> list[type[Model]]:
    """Return the models that "app.Model", or "app" for all of an app's, stands for."""
    if "." in label:
        return [apps.get_model(label)]
    return list(apps.get_app_config(label).get_models(include_auto_created=True))


def _session_model() -> type[Model] | None:
    """Return the session engine's model; engines such as cache, file and signed_cookies have none."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    try:
        model: type[Model] | None = store.get_model_class()
    except (AttributeError, RuntimeError):  # RuntimeError: the model's app is not installed
        return None
    return model


# --- Paths. Whole segments: `/admin` is not `/administration-guide` ---


def is_primary_path(path_info: str) -> bool:
    """Return whether `path_info` (the path below SCRIPT_NAME) lies under one of PRIMARY_PATHS."""
    return any(path_info == path or path_info.startswith(path + "/") for path in primary_paths())


def primary_paths() -> tuple[str, ...]:
    """Return PRIMARY_PATHS without trailing slashes; by default every path at which an admin is mounted."""
    paths = conf().primary_paths
    return _admin_paths(settings.ROOT_URLCONF) if paths is None else tuple(path.rstrip("/") for path in paths)


@cache
def _admin_paths(urlconf: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(path.rstrip("/") for path in find_admin_paths(urlconf)))


def find_admin_paths(urlconf: str) -> Iterator[str]:
    """Yield where the admin sites of a URLconf are mounted, in every language (i18n_patterns)."""
    for language, _ in settings.LANGUAGES if settings.USE_I18N else [(settings.LANGUAGE_CODE, "")]:
        with translation.override(language):
            for namespace in get_resolver(urlconf).app_dict.get("admin", []):
                try:
                    path = reverse(f"{namespace}:index", urlconf=urlconf)
                except NoReverseMatch:  # its mount point takes arguments: name it in PRIMARY_PATHS
                    continue
                yield "/" + path.removeprefix(get_script_prefix())


forget_on_change("USE_I18N", "LANGUAGES", "FORCE_SCRIPT_NAME")(_admin_paths.cache_clear)
