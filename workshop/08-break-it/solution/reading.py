"""A page asks the other replica if one is gone or silent. A save goes to whoever takes writes."""

import random

import psycopg2
from asking import ask

DEADLINE = 0.5  # seconds that a replica has to answer


def read(replicas, sql):
    """Return what a page asks for. `replicas` are the URLs of both."""
    for replica in random.sample(replicas, len(replicas)):
        try:
            return ask(replica, sql, DEADLINE)
        except psycopg2.OperationalError as error:
            problem = error
    raise problem


def where_to_write(servers):
    """Return the URL for saves. `servers` are all three, each "host:port"; today the first is the primary."""
    return f"postgres://app:insecure-demo-only@{','.join(servers)}/newspaper?target_session_attrs=read-write"
