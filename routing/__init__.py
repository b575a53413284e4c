"""Decides which database a query goes to. Copy this folder; README.md says how, router.py has the rules."""

from .bookmarks import bookmark
from .commands import PrimaryCommand
from .overrides import primary, replica

__all__ = ["PrimaryCommand", "bookmark", "primary", "replica"]
