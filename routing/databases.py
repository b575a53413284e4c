"""A replica's entry in DATABASES, made from the primary's. Settings import this: it imports nothing of Django."""

from copy import deepcopy
from typing import Any

# What is right for the primary and wrong for a replica: a transaction, or a question, for each request, which fails
# every page if the replica is dead; and servers of which only the primary will do.
_NOT_FOR_REPLICAS = ("ATOMIC_REQUESTS", "CONN_HEALTH_CHECKS", "TEST")
_NOT_FOR_REPLICAS_OPTIONS = ("target_session_attrs",)


def replica_of(databases: dict[str, Any], alias: str = "default", **differs: Any) -> dict[str, Any]:
    """Return the entry of a replica of `databases[alias]`; `differs` is what is its own: HOST, PORT, USER, ….

    It shares nothing with the primary's entry, and is a test mirror of it:

        DATABASES["replica1"] = replica_of(DATABASES, HOST="replica1.internal", USER="reader")
    """
    entry = {key: value for key, value in deepcopy(databases[alias]).items() if key not in _NOT_FOR_REPLICAS}
    options = {**entry.get("OPTIONS", {}), **differs.pop("OPTIONS", {})}
    entry["OPTIONS"] = {key: value for key, value in options.items() if key not in _NOT_FOR_REPLICAS_OPTIONS}
    return entry | {"TEST": {"MIRROR": alias}} | differs
