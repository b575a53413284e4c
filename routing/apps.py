"""Registers the checks, and what has to see the SQL of a request."""

from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import pre_save


class RoutingConfig(AppConfig):
    name = str(__package__)
    verbose_name = "Routing"

    def ready(self) -> None:
        from . import checks, guard, replica_setup, statements, wal

        checks.register_all()
        connection_created.connect(statements.watch_connection)
        connection_created.connect(replica_setup.watch_new_connection)
        connection_created.connect(wal.expect_new_server)
        pre_save.connect(guard.check_save)
