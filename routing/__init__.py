"""Decides which database a query goes to. Copy this folder; README.md says how, router.py has the rules."""

from .bookmarks import bookmark
from .commands import PrimaryCommand
from .explanation import explain
from .links import with_bookmark
from .overrides import primary, replica
from .waiting import ReplicasBehind, wait_for_replicas

__all__ = [
    "PrimaryCommand",
    "ReplicasBehind",
    "bookmark",
    "explain",
    "primary",
    "replica",
    "wait_for_replicas",
    "with_bookmark",
]
