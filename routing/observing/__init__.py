"""What happened, and why: statements, Server-Timing, explain, status, metrics, a panel. See README.md."""

from .explanation import explain
from .layer import record_of

__all__ = ["explain", "record_of"]
