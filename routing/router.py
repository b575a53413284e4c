"""The router. Which database does a query go to? The first rule that holds decides.

 #   when                                                            where           reason
 1   the row, or the alias asked for, is of a database not ours      no opinion      –
 2   a deferred field of a row; a relation of a row of the primary   that database   same row
 3   in a request, the model is pinned: sessions, … (pinned.py)      the primary     pinned model
 4   code says so: `with primary():`, `with replica():`              as said         override
 5   no request in scope, or one with an empty path                  the primary     no request
 6   the primary's connection is in an atomic block                  the primary     transaction
 7   the path lies under one of PRIMARY_PATHS (paths.py)             the primary     primary path
 8   the method is not GET, HEAD, OPTIONS or TRACE                   the primary     unsafe method
 8   this request has already written                                the primary     wrote before
 9   the visitor's bookmark is ahead of every replica (bookmarks/)   the primary     bookmark
10   otherwise                                                       one replica     public path
10   there is no replica                                             the primary     no replica

Writes go to the primary, always. `.using()` never asks a router.
"""

from typing import Any

from django.db.models import Model

from .conf import conf, ours
from .decision import current_decision
from .overrides import current_override
from .pinned import is_pinned
from .reasons import Reason


class PathRouter:
    """Django's four router methods. It has no state: that is the request's (decision.py)."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        # Each query asks: what a reader's page does not need is looked up where it is needed.
        decision = current_decision()
        if hints and (instance := hints.get("instance")) is not None:
            if is_foreign(instance):
                return None
            if (origin := _same_row(instance, model)) is not None:
                return decision.because(origin, Reason.SAME_ROW) if decision else origin
        if decision is None:
            override = current_override()
            return override.alias(None) if override else conf().primary
        if is_pinned(model):
            return decision.because(conf().primary, Reason.PINNED_MODEL)
        if override := current_override():
            return decision.because(override.alias(decision), Reason.OVERRIDE)
        if decision.is_in_transaction():
            return decision.because(conf().primary, Reason.TRANSACTION)
        return decision.read()

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        if hints and is_foreign(hints.get("instance")):
            return None
        primary = conf().primary
        if decision := current_decision():
            decision.because(primary, Reason.WRITE)
        return primary

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        """A row read from a replica and one read from the primary are rows of one database."""
        return True if {one._state.db, other._state.db} <= set(ours()) else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """A replica gets its tables by streaming."""
        return False if db in conf().replicas else None


def is_foreign(instance: Model | None) -> bool:
    """Return whether a row was read from, or saved to, a database that is neither the primary nor a replica."""
    return instance is not None and instance._state.db is not None and instance._state.db not in ours()


def _same_row(instance: Model, model: type[Model]) -> str | None:
    """Return the database that a read on behalf of `instance` has to go to, if its row leaves no choice.

    The deferred fields of a row from a replica come from that replica: from elsewhere they would make a row that
    never was, and that looks as if the primary had given it. The relations of a row from the primary come from the
    primary: code fetched it there on purpose, and a replica may not have them yet. (Pinned rows, such as the user,
    are there without anybody's purpose.)
    """
    origin = instance._state.db
    if origin in conf().replicas:
        return origin if isinstance(instance, model) and instance.get_deferred_fields() else None
    return None if is_pinned(type(instance)) else origin
