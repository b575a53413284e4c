"""The router. Which database does a query go to? The first rule that holds decides.

 #   when                                                            where           reason
 1   the row, or the alias asked for, is of a database not ours      no opinion      –
 2   a deferred field of a row; a relation of a row of the primary   that database   same row
 3   in a request, the model is pinned: sessions, … (pinned.py)      the primary     pinned model
 4   code says so: `with primary():`, `with replica():`              as said         override
 5   no request in scope, or one with an empty path                  the primary     no request
 6   the primary's connection is in an atomic block                  the primary     transaction
 7   the path lies under one of PRIMARY_PATHS (pinned.py)            the primary     primary path
 8   the method is not GET, HEAD, OPTIONS, TRACE or QUERY            the primary     unsafe method
 8   this request has already written                                the primary     wrote before
 9   the visitor's bookmark is ahead of every replica (bookmarks/)   the primary     bookmark
10   otherwise                                                       one replica     public path
10   there is no replica                                             the primary     no replica

Writes go to the primary, always. `.using()` never asks a router.
"""

from typing import Any

from django.db.models import Model

from .conf import conf, ours
from .decision import Decision, current_decision
from .guard import check_deletion
from .overrides import current_override
from .pinned import is_login_model, is_pinned
from .reasons import Reason


class PathRouter:
    """Django's four router methods. It has no state: that is the request's (decision.py)."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str | None:
        # Every query runs this, so each thing is looked up only where it is needed.
        decision = current_decision()
        instance = hints.get("instance") if hints else None
        if instance is not None and (origin := instance._state.db) is not None:
            if origin not in ours():
                return None
            if _must_follow(instance, model, origin):
                return decision.because(origin, Reason.SAME_ROW) if decision else origin
        else:
            origin = None
        if decision is None:
            return _outside_of_requests()
        if is_pinned(model) and origin not in conf().replicas and not decision.does_without_primary(model):
            return decision.because(conf().primary, Reason.PINNED_MODEL)
        return _page_database(decision)

    def db_for_write(self, model: type[Model], **hints: Any) -> str | None:
        instance = hints.get("instance") if hints else None
        if instance is not None and (origin := instance._state.db) is not None:
            if origin not in ours():
                return None
            if origin in conf().replicas and isinstance(instance, model):
                check_deletion(instance)
        primary = conf().primary
        decision = current_decision()
        if decision is None:
            return primary
        if decision.does_without_primary(model):
            return decision.read()  # for the SELECT of a get_or_create; PostgreSQL refuses a write there
        return decision.because(primary, Reason.WRITE)

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        """Allow relations between rows from the primary and from replicas: they are one database."""
        return True if {one._state.db, other._state.db} <= set(ours()) else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """Refuse to migrate a replica: it gets its tables by streaming."""
        return False if db in conf().replicas else None


def page_database() -> str:
    """Return the alias that this code reads from, pinned models apart.

    For a page that lists users as content: `User.objects.using(page_database())`. `request.user` still comes from the
    primary.
    """
    decision = current_decision()
    return _page_database(decision) if decision else _outside_of_requests()


def _outside_of_requests() -> str:
    """Rules 4 and 5."""
    override = current_override()
    return override.alias(None) if override else conf().primary


def _page_database(decision: Decision) -> str:
    """Rules 4 to 10, without 5."""
    if override := current_override():
        return decision.because(override.alias(decision), Reason.OVERRIDE)
    if decision.is_in_transaction():
        return decision.because(conf().primary, Reason.TRANSACTION)
    return decision.read()


def _must_follow(instance: Model, model: type[Model], origin: str) -> bool:
    """Return whether a read on behalf of `instance` has to go where its row came from.

    Deferred fields of a replica's row come from that replica. From another server they would make a row that never
    existed, and Django would take it for the primary's. Relations of a row from the primary come from the primary,
    because a replica may not have them yet. Rows that Django keeps for the life of the process (a Site, a
    ContentType) happen to come from the primary, and decide nothing.
    """
    if origin in conf().replicas:
        return isinstance(instance, model) and bool(instance.get_deferred_fields())
    kind = type(instance)
    return not is_pinned(kind) or is_login_model(kind)
