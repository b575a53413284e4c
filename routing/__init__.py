"""Decides which database a query goes to. Copy this folder; README.md says how, router.py has the rules."""

from .commands import PrimaryCommand
from .overrides import primary, replica

__all__ = ["PrimaryCommand", "primary", "replica"]
