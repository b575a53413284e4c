"""Refuses writes where none belong: while a reader's page is made, and of rows that a replica gave.

A page that writes is no page to be read from a replica: its next read would miss the write. A row read from a
replica may be old, and saving it puts the old values back.
"""

import re
from typing import Any

from django.apps import apps
from django.db.models import Model
from django.http import HttpRequest

from .conf import conf, kept_until_change, logger
from .decision import SAFE_METHODS
from .overrides import current_override, primary
from .pinned import cache_tables, is_pinned, is_primary_path
from .request import current_request

_TABLE = re.compile(
    r"\s*(?:INSERT\s+INTO|UPDATE(?:\s+ONLY)?|DELETE\s+FROM(?:\s+ONLY)?|MERGE\s+INTO|TRUNCATE(?:\s+TABLE)?)\s+"
    r'(?:"?\w+"?\.)?"?(\w+)"?',
    re.IGNORECASE,
)


class PublicWriteError(Exception):
    """A statement that writes, while a page for readers is made by a safe method."""


class StaleSaveError(Exception):
    """A row that was read from a replica is saved to, or deleted from, the primary."""


def check_write(request: HttpRequest, sql: str) -> None:
    """Refuse, log or allow the statement `sql`, as PUBLIC_WRITES says. Raises PublicWriteError."""
    if conf().public_writes == "allow" or request.method not in SAFE_METHODS:
        return
    if isinstance(current_override(), primary) or is_primary_path(request.path_info):
        return
    table = _TABLE.match(sql)
    model = _models_by_table().get(table.group(1)) if table else None
    if is_pinned(model) if model else table and table.group(1) in cache_tables():
        return
    what = model._meta.label if model else sql.strip()[:200]
    _object(
        conf().public_writes,
        PublicWriteError(
            f"{request.method} {request.path} writes {what}, and pages that are only read are served from "
            "replicas. Use POST, or say that you mean it: `with routing.primary():` around the write."
        ),
        event="public write",
        target=what,
    )


def check_save(*, sender: type[Model], instance: Model, using: str, **kwargs: Any) -> None:
    """Receive pre_save and pre_delete, and refuse, log or allow as STALE_SAVES says. Raises StaleSaveError."""
    source = instance._state.db
    if kwargs.get("raw") or using != conf().primary or source not in conf().replicas:
        return
    _object(
        conf().stale_saves,
        StaleSaveError(
            f"This {sender._meta.label} (pk={instance.pk!r}) was read from {source}: it may be old, and writing it "
            "would undo newer changes. Read it again where you write it: `with routing.primary():` around both, "
            f"or refresh_from_db(using={using!r}) first."
        ),
        event="stale save",
        target=sender._meta.label,
        source=source,
    )


def _object(setting: str, error: Exception, **fields: str | None) -> None:
    """Log the write and, if it is forbidden, raise. README.md names the fields of the log's record."""
    if setting == "allow":
        return
    request = current_request()
    fields |= {"path": request.path, "method": request.method} if request else {"path": None, "method": None}
    fields["outcome"] = "refused" if setting == "forbid" else "allowed"
    logger.warning("%s", error, stack_info=setting == "log", extra=fields)
    if setting == "forbid":
        raise error


@kept_until_change("INSTALLED_APPS")
def _models_by_table() -> dict[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
