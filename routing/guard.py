"""Stops two kinds of writes: those of a reader's page, and those of rows that came from a replica.

A page that writes can't be read from a replica, because its next read would miss the write. A row that came from a
replica may be old, and saving it would put the old values back.
"""

import re
import sys
from typing import Any

from django.apps import apps
from django.db.models import Model

from .conf import conf, kept_until_change, logger
from .decision import Decision
from .overrides import current_override, primary
from .pinned import cache_tables, is_pinned, models_of
from .request import current_request

_TABLE = re.compile(
    r"\s*(?:INSERT\s+INTO|COPY|UPDATE(?:\s+ONLY)?|DELETE\s+FROM(?:\s+ONLY)?|MERGE\s+INTO|TRUNCATE(?:\s+TABLE)?)\s+"
    r'(?:"?\w+"?\.)?"?(\w+)"?',
    re.IGNORECASE,
)


class PublicWriteError(Exception):
    """A reader's page writes, although its method is safe."""


class StaleSaveError(Exception):
    """A row that was read from a replica is about to be saved or deleted on the primary."""


class RepeatOnPrimary(BaseException):
    """A reader's page is about to write. The middleware catches this and makes the page again on the primary.

    It is a BaseException, like asyncio's CancelledError, so that `except Exception` doesn't catch it.
    """


def note_write(decision: Decision, sql: str) -> None:
    """Note that a request is about to write. If it is a reader's page, do what PUBLIC_WRITES says.

    Raises PublicWriteError or RepeatOnPrimary.
    """
    model, table = _written(sql)
    if model in _unread_models():
        return
    if not decision.wrote and _is_out_of_place(decision, model, table):
        _object_to_write(decision, model._meta.label if model else sql.strip()[:200])
    decision.wrote = True


def _is_out_of_place(decision: Decision, model: type[Model] | None, table: str) -> bool:
    if conf().public_writes == "allow" or not decision.is_readers_page() or isinstance(current_override(), primary):
        return False
    return not (is_pinned(model) if model else table in cache_tables())


def _object_to_write(decision: Decision, what: str) -> None:
    request, setting = decision.request, conf().public_writes
    if setting == "repeat" and decision.is_sent:
        setting = "log"  # the beginning has been sent
    error = PublicWriteError(
        f"{request.method} {request.path} writes {what}, but safe methods read from replicas. Use POST, or wrap the "
        "write in `with primary():`. If you can't change that code, add the path to ROUTING['PRIMARY_PATHS'], or the "
        "model to PRIMARY_MODELS (to UNREAD_MODELS if no page reads it back), or set PUBLIC_WRITES to 'repeat'."
    )
    _object(setting, error, event="public write", target=what)
    if setting == "repeat":
        decision.must_repeat = True
        raise RepeatOnPrimary


def _written(sql: str) -> tuple[type[Model] | None, str]:
    """Return the model (if there is one) and the table that a statement writes."""
    match = _TABLE.match(sql)
    table = match.group(1) if match else ""
    return _models_by_table().get(table), table


def check_save(*, sender: type[Model], instance: Model, using: str, **kwargs: Any) -> None:
    """Receive pre_save: refuse to save a replica's row, because it may be old. Raises StaleSaveError.

    Two saves are safe: of a new row (Django's recipe for copying one sets `_state.adding`), and with `update_fields`
    that the database computes.
    """
    fields = kwargs.get("update_fields")
    is_computed = fields and all(hasattr(getattr(instance, name, None), "resolve_expression") for name in fields)
    if not (kwargs.get("raw") or using != conf().primary or instance._state.adding or is_computed):
        _check_row(instance)


def check_deletion(instance: Model) -> None:
    """Refuse to delete a replica's row. Called when Django asks the router where to write for a row.

    A receiver of pre_delete would be simpler, but turns off Django's fast deletes for every model. Related managers
    ask the router too; only Model.delete asks for the row itself.
    """
    frame = sys._getframe(1)
    while frame := frame.f_back:  # type: ignore[assignment]
        if frame.f_code is Model.delete.__code__:
            if frame.f_locals.get("self") is instance:
                _check_row(instance)
            return


def _check_row(instance: Model) -> None:
    source, label = instance._state.db, type(instance)._meta.label
    if source not in conf().replicas:
        return
    error = StaleSaveError(
        f"This {label} (pk={instance.pk!r}) was read from {source}, so it may be old, and saving it could undo newer "
        "changes. Read it from the primary: put `with primary():` around reading and writing, or call "
        f"refresh_from_db(using={conf().primary!r}) first."
    )
    _object(conf().stale_saves, error, event="stale save", target=label, source=source)


def _object(setting: str, error: Exception, **fields: str | None) -> None:
    """Log the write and, if it is forbidden, raise. README.md names the fields of the log's record."""
    if setting == "allow":
        return
    request = current_request()
    fields |= {"path": request.path, "method": request.method} if request else {"path": None, "method": None}
    fields["outcome"] = {"forbid": "refused", "repeat": "repeated"}.get(setting, "allowed")
    logger.warning("%s", error, stack_info=setting == "log", extra=fields)
    if setting == "forbid":
        raise error


@kept_until_change("ROUTING", "INSTALLED_APPS")
def _unread_models() -> set[type[Model] | None]:
    return {*models_of(*conf().unread_models)}


@kept_until_change("INSTALLED_APPS", "AUTH_USER_MODEL")
def _models_by_table() -> dict[str, type[Model]]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
