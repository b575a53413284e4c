"""The seam: what a layer may do at each step. The pattern loops over the installed layers and names none of them.

A layer is a Django app whose AppConfig derives from `LayerConfig` and names a subclass of `Layer`. A method of `Layer`
does nothing until a layer overrides it, and is never called if no installed layer does.
"""

import random
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, TypeVar

from django.apps import AppConfig, apps
from django.http import HttpRequest, HttpResponse

from .conf import conf, kept_until_change
from .in_tests import usable_replicas

if TYPE_CHECKING:
    from .decision import Decision
    from .statements import Statement

T = TypeVar("T")


class Layer:
    """What one layer adds to the pattern."""

    def leave_out(self, aliases: Collection[str]) -> dict[str, str]:
        """Return which of these replicas must not serve now, each with the reason. No SQL: every page asks."""
        return {}

    def choose(self, aliases: list[str], decision: "Decision | None", after: str | None) -> list[str]:
        """Return those of these replicas that may serve a request, or a block outside of any. May ask the servers.

        `after` is what `with replica(after=…)` was given.
        """
        return aliases

    def no_replica_left(self, decision: "Decision") -> None:
        """Called before the primary makes a reader's page because no replica can. Raise to refuse it."""

    def did_not_answer(self, alias: str) -> None:
        """Called when a server of ours did not answer."""

    def began(self, decision: "Decision") -> None:
        """Called when a request begins, and when its page is made again."""

    def raised(self, decision: "Decision", exception: Exception) -> HttpResponse | None:
        """Called when a view raised. Return a response to answer with it."""

    def start_over(self, decision: "Decision", response: HttpResponse) -> "Decision | None":
        """Return a new decision if the page is to be made again, else None. Nothing has been sent yet."""

    def finished(self, decision: "Decision", response: HttpResponse) -> HttpResponse:
        """Return the response to send. The session is saved, and every transaction has ended."""
        return response

    def ended(self, request: HttpRequest) -> None:
        """Called when the response has been sent, or given up."""

    def ran(self, decision: "Decision", statement: "Statement") -> None:
        """Called after each statement of a request on the primary; see `watches_replicas`."""

    def watches_replicas(self) -> bool:
        """Return whether `ran` is to be called for statements on replicas, too."""
        return False

    def happened(self, event: str, facts: dict[str, Any]) -> None:
        """Called when a layer tells the others what happened."""

    def bring(self, request: HttpRequest, text: str) -> None:
        """Put what `text` stands for into a request, as if the visitor brought it. Raises ValueError for nonsense."""

    def describe(self, decision: "Decision") -> dict[str, Any]:
        """Return what this layer knows of a request, for people: name and value."""
        return {}


class LayerConfig(AppConfig):
    """The AppConfig of a layer."""

    layer: type[Layer]


class _Installed:
    """The installed layers, in the order of INSTALLED_APPS: under each method's name, those that override it."""

    def __init__(self, layers: list[Layer]) -> None:
        for name in vars(Layer):
            overriding = [each for each in layers if getattr(type(each), name) is not getattr(Layer, name)]
            if not name.startswith("_"):
                setattr(self, name, tuple(getattr(each, name) for each in overriding))

    if TYPE_CHECKING:

        def __getattr__(self, name: str) -> tuple[Callable[..., Any], ...]: ...


@kept_until_change("INSTALLED_APPS")
def layers() -> _Installed:
    """Return the installed layers."""
    return _Installed([config.layer() for config in apps.get_app_configs() if isinstance(config, LayerConfig)])


def tell(event: str, **facts: Any) -> None:
    """Tell the layers what happened, for those that count or log it."""
    for happened in layers().happened:
        happened(event, facts)


def choose_replica(decision: "Decision | None" = None, after: str | None = None) -> str | None:
    """Return the alias of the replica for a request, or for a block outside of any; None if no replica will do.

    `after` is a position that the replica must have replayed. By itself this runs no SQL and takes no lock.
    """
    excluded = decision.excluded if decision else ()
    candidates = fit_replicas(excluded)
    if not candidates and conf().primary in excluded:  # then any page is better than none
        candidates = [alias for alias in usable_replicas() if alias not in excluded]
    for choose in layers().choose:
        candidates = choose(candidates, decision, after)
    return random.choice(candidates) if candidates else None


def fit_replicas(excluded: Collection[str] = ()) -> list[str]:
    """Return the replicas that no layer leaves out, without those in `excluded`."""
    problems = problems_of_replicas()
    return [alias for alias in usable_replicas() if alias not in excluded and alias not in problems]


def problems_of_replicas() -> dict[str, str]:
    """Return what keeps each replica that is left out from serving."""
    problems: dict[str, str] = {}
    for leave_out in layers().leave_out:
        problems |= leave_out(conf().replicas)
    return problems


class Noted:
    """Something about which each layer keeps an object of its own: one request, or one replica."""

    __slots__ = ("_notes",)

    def __init__(self) -> None:
        self._notes: dict[type[Any], Any] = {}

    def note(self, kind: type[T]) -> T:
        """Return the one object of class `kind` that belongs to this. It is made when you first ask for it."""
        try:
            note: T = self._notes[kind]
        except KeyError:
            note = self._notes.setdefault(kind, kind())
        return note
