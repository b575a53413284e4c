"""Models that are always read from the primary, whatever the path: what a login depends on.

Read from a replica that is behind, a session is not found and Django deletes the visitor's cookie; or a
password hash is old, and Django deletes the session.
"""

from functools import cache
from importlib import import_module
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.db import BaseDatabaseCache
from django.core.signals import setting_changed
from django.db.models import Model

from .conf import conf

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


@cache
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


def _forget(*, setting: str, **kwargs: Any) -> None:
    if setting in {"ROUTING", "SESSION_ENGINE", "AUTH_USER_MODEL", "INSTALLED_APPS"}:
        _pinned_models.cache_clear()
        _answers.clear()


setting_changed.connect(_forget)
