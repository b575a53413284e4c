"""Read your own writes: a visitor who has written never sees a page from before the write. See README.md."""

from .bookmark import bookmark
from .links import with_bookmark
from .waiting import ReplicasBehind, wait_for_replicas

__all__ = ["ReplicasBehind", "bookmark", "wait_for_replicas", "with_bookmark"]
