"""Read your own writes: who has written gets a bookmark, and no page older than that. README.md explains it."""

from .bookmark import bookmark
from .links import with_bookmark
from .waiting import ReplicasBehind, wait_for_replicas

__all__ = ["ReplicasBehind", "bookmark", "wait_for_replicas", "with_bookmark"]
