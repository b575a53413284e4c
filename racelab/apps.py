"""Puts the lab around the newspaper. It stands first in INSTALLED_APPS, and only where DEMO is on."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db.models.signals import pre_delete, pre_save


class RacelabConfig(AppConfig):
    name = "racelab"
    verbose_name = "Race lab"

    def ready(self):
        if not settings.DEMO:
            raise ImproperlyConfigured("racelab has routers that are wrong on purpose. Set DEMO=1, or take it out.")
        from .dispatch import forget_origin

        # Below RoutingMiddleware, which puts the request in scope; above ConditionalGetMiddleware: see line.py.
        settings.MIDDLEWARE.insert(1, "racelab.middleware.LabMiddleware")
        settings.DATABASE_ROUTERS.insert(0, "racelab.dispatch.LabRouter")
        # Before routing's own receivers, which follow in INSTALLED_APPS.
        pre_save.connect(forget_origin)
        pre_delete.connect(forget_origin)
