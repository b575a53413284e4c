"""Registers the checks, and what has to see the SQL of a request."""

from django.apps import AppConfig
from django.core.checks import Tags, register
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_delete, pre_save

from .conf import conf


class RoutingConfig(AppConfig):
    name = "routing"
    verbose_name = "Routing"

    def ready(self) -> None:
        from . import checks, guard, replicas, sql

        if checks.has_clock(conf().replicas):
            from . import deadline

            deadline.install()
        register(checks.check_settings)
        register(checks.check_database, Tags.database)
        connection_created.connect(sql.watch)
        connection_created.connect(replicas.forget)
        pre_save.connect(guard.check_save)
        pre_delete.connect(guard.check_save)
        if conf().metrics:
            from . import metrics

            metrics.connect()
