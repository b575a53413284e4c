"""This layer's check, which has to ask the primary."""

from collections.abc import Sequence
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db import connections

from ..conf import conf


def check_database(databases: Sequence[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Ask the primary. Runs where Django is told to connect: migrate, check --database default."""
    primary = conf().primary
    if primary not in (databases or []) or connections[primary].vendor != "postgresql":
        return []
    with connections[primary].cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        (synchronous_commit,) = cursor.fetchone()
    if synchronous_commit != "off":
        return []
    return [
        Error(
            "synchronous_commit is off, so a commit returns before its WAL is flushed, and a bookmark may miss it.",
            hint="Set synchronous_commit = on (or local) for this role, database or server.",
            id="routing.E012",
        )
    ]
