"""What happened, and why: statements, Server-Timing, explain, status, metrics, a panel. README.md explains it."""

from .explanation import explain
from .layer import record_of

__all__ = ["explain", "record_of"]
