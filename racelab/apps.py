"""Puts the lab around the newspaper. It stands first in INSTALLED_APPS, and only where DEMO is on."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import pre_save


class RacelabConfig(AppConfig):
    name = "racelab"
    verbose_name = "Race lab"

    def ready(self):
        if not settings.DEMO:
            raise ImproperlyConfigured("racelab has routers that are wrong on purpose. Set DEMO=1, or take it out.")
        from .dispatch import forget_origin

        # Below RoutingMiddleware, which puts the request in scope; above ConditionalGetMiddleware: see line.py.
        _insert(settings.MIDDLEWARE, 1, "racelab.middleware.LabMiddleware")
        _insert(settings.DATABASE_ROUTERS, 0, "racelab.dispatch.LabRouter")
        # Before routing's own receivers, which follow in INSTALLED_APPS.
        pre_save.connect(forget_origin)


def _insert(names, position, name):
    """Insert `name`, once: Django calls ready() again where INSTALLED_APPS is overridden, as tests do."""
    if name not in names:
        names.insert(position, name)
