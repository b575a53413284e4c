"""Decides which database a query goes to. Copy this folder; README.md says how, router.py has the rules."""

from typing import TYPE_CHECKING, Any

from .overrides import primary, replica

if TYPE_CHECKING:
    from .commands import PrimaryCommand

__version__ = "2.0.0"
__all__ = ["PrimaryCommand", "primary", "replica"]


def __getattr__(name: str) -> Any:
    """Import what only management commands need when it is asked for: a web process never does."""
    if name == "PrimaryCommand":
        from .commands import PrimaryCommand

        return PrimaryCommand
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
