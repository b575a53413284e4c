"""Registers the checks, and what has to see the SQL of a request."""

from django.apps import AppConfig
from django.core.checks import register
from django.db.backends.signals import connection_created


class RoutingConfig(AppConfig):
    name = "routing"
    verbose_name = "Routing"

    def ready(self) -> None:
        from . import checks, timing

        register(checks.check_settings)
        connection_created.connect(timing.watch)
