# reading.py | A read can be asked again
import random

import psycopg2
from asking import ask

DEADLINE = 0.5


def read(replicas, sql):
    replica = random.choice(replicas)
    try:
        return ask(replica, sql, DEADLINE)
    except psycopg2.OperationalError:
        return ask(replica, sql, DEADLINE)


def where_to_write(servers):
    return f"postgres://app:insecure-demo-only@{','.join(servers)}/newspaper?target_session_attrs=read-write"
