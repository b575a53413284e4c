"""The base class of management commands that write: PrimaryCommand."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import InterfaceError, OperationalError

from .conf import conf
from .driver import is_lost
from .overrides import primary


class PrimaryCommand(BaseCommand):
    """A command that reads and writes on the primary, even when a reader's page runs it with call_command.

    Raises CommandError, which prints one line, if the primary can't be reached.
    """

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            with primary():
                return super().execute(*args, **options)
        except (OperationalError, InterfaceError) as error:
            if not is_lost(conf().primary):
                raise
            cause = str(error).strip().partition("\n")[0]
            raise CommandError(
                f"The primary database cannot be reached, and this command needs it. ({cause})"
            ) from error
