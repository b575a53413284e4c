"""WRONG ON PURPOSE: a page asks one replica, and waits for ever. A save asks one server. Three changes."""

import random

from asking import ask

DEADLINE = None  # seconds that a replica has to answer


def read(replicas, sql):
    """Return what a page asks for. `replicas` are the URLs of both."""
    return ask(random.choice(replicas), sql, DEADLINE)


def where_to_write(servers):
    """Return the URL for saves. `servers` are all three, each "host:port"; today the first is the primary."""
    return f"postgres://app:insecure-demo-only@{servers[0]}/newspaper"
