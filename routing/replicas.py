"""Which replica serves a request."""

import random

from .conf import conf


def choose() -> str | None:
    """Return the alias of one replica, or None where there is none. No SQL, no connection, no lock."""
    names = conf().replicas
    return random.choice(names) if names else None
