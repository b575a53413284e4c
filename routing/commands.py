"""The base class of management commands that write: PrimaryCommand."""

from typing import Any

from django.core.management.base import BaseCommand

from .overrides import primary


class PrimaryCommand(BaseCommand):
    """A command that reads and writes on the primary, even when a public page runs it with call_command."""

    def execute(self, *args: Any, **options: Any) -> str | None:
        with primary():
            return super().execute(*args, **options)
