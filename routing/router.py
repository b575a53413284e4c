"""The router. Which database does a query go to? The first rule that holds decides.

 #   when                                                            where         reason
 1   code says so: `with primary():`, `with replica():`, `.using()`  as said       override
 2   no request in scope, or one with an empty path                  the primary   no request
 3   the primary's connection is in an atomic block                  the primary   transaction
 4   the model is pinned: sessions, users, … (pinned.py)             the primary   pinned model
 5   the path lies under one of PRIMARY_PATHS (paths.py)             the primary   primary path
 6   the method is not GET, HEAD, OPTIONS or TRACE                   the primary   unsafe method
 7   this request has already written                                the primary   wrote before
 8   the visitor's bookmark is ahead of every replica (bookmarks.py) the primary   bookmark
 9   otherwise                                                       one replica   public path
10   there is no replica                                             the primary   no replica

Writes go to the primary, always. What Django reads for a row that it has (hints["instance"]) follows the row where
anything else would mix two moments in time: `_origin` says when.
"""

from typing import Any

from django.db.models import Model

from .conf import conf
from .overrides import current_override
from .pinned import is_pinned
from .route import current_route

# The table's numbers, for whatever shows them. A write is no rule's matter: it has the reason "write".
RULES = {
    "override": 1,
    "no request": 2,
    "transaction": 3,
    "pinned model": 4,
    "primary path": 5,
    "unsafe method": 6,
    "wrote before": 7,
    "bookmark": 8,
    "public path": 9,
    "no replica": 10,
}


class PathRouter:
    """Django's four router methods. It has no state: that is the request's (route.py)."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        # Each query asks: what a reader's page does not need is looked up where it is needed.
        route = current_route()
        origin = _origin(hints.get("instance"), model) if hints else None
        if origin is not None and origin in conf().replicas:
            return route.because(origin, "override") if route else origin
        if override := current_override():
            alias = override.alias()
            return route.because(alias, "override") if route else alias
        if route is None:
            return conf().primary
        if route.is_in_transaction():
            return route.because(conf().primary, "transaction")
        if is_pinned(model):
            return route.because(conf().primary, "pinned model")
        if origin is not None and origin == conf().primary:
            return route.because(origin, "override")
        return route.read()

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        primary = conf().primary
        if route := current_route():
            route.because(primary, "write")
        return primary

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool | None:
        """A row read from a replica and one read from the primary are rows of one database."""
        ours = {conf().primary, *conf().replicas}
        return True if {one._state.db, other._state.db} <= ours else None

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool | None:
        """A replica gets its tables by streaming."""
        return False if db in conf().replicas else None


def _origin(instance: Model | None, model: type[Model]) -> str | None:
    """Return the database that a read on behalf of `instance` has to go to, if its row leaves no choice.

    The deferred fields of a row from a replica come from that replica: from elsewhere they would make a row that
    never was, and that looks as if the primary had given it. The relations of a row from the primary come from the
    primary: code fetched it there on purpose, and a replica may not have them yet. (Pinned rows, such as the user,
    are there without anybody's purpose.)
    """
    if instance is None or (origin := instance._state.db) is None:
        return None
    if origin in conf().replicas:
        return origin if isinstance(instance, model) and instance.get_deferred_fields() else None
    return None if is_pinned(type(instance)) else origin
