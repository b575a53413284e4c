# reading.py | target_session_attrs
import random

import psycopg2
from asking import ask

DEADLINE = 0.5


def read(replicas, sql):
    for replica in random.sample(replicas, len(replicas)):
        try:
            return ask(replica, sql, DEADLINE)
        except psycopg2.OperationalError as error:
            problem = error
    raise problem


def where_to_write(servers):
    return f"postgres://app:insecure-demo-only@{','.join(servers)}/newspaper"
