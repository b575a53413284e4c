"""manage.py wait_for_replicas: for scripts, after an import and before warming a cache."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError

from ....commands import PrimaryCommand
from ...waiting import ReplicasBehind, wait_for_replicas


class Command(PrimaryCommand):
    help = "Wait until the replicas have replayed everything that is committed now. Exit status 1 if they do not."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="default: 30")
        parser.add_argument("--any", action="store_true", help="one replica is enough")

    def handle(self, *args: Any, **options: Any) -> str:
        try:
            position = wait_for_replicas(options["timeout"], any_one=options["any"])
        except ReplicasBehind as error:
            raise CommandError(f"{error} See manage.py replication_status.") from error
        except DatabaseError as error:
            raise CommandError(f"The primary does not answer: {error}") from error
        return f"{'One replica has' if options['any'] else 'All replicas have'} replayed {position}."
