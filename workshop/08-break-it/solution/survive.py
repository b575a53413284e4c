"""A second try, a clock, and all the servers that may be the primary."""

import os
import select

import psycopg2
from django.db import connections
from psycopg2 import extensions

PORT = int(os.environ["WORKSHOP_PORT"])
SERVERS = f"127.0.0.1:{PORT},127.0.0.1:{PORT + 1},127.0.0.1:{PORT + 2}"
PRIMARY = f"postgres://app:insecure-demo-only@{SERVERS}/newspaper?target_session_attrs=read-write"

OTHER = {"replica1": "replica2", "replica2": "replica1"}


class Again:
    """A middleware around all others."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        alias = getattr(request, "replica", None)  # what the router chose for this page
        if alias and connections[alias].errors_occurred:
            connections[alias].close()  # it is of no use any more
            if request.method == "GET":
                request.replica = OTHER[alias]
                response = self.get_response(request)
        return response


def wait(connection):
    """Wait for a server. psycopg2 calls this for each statement, and while it connects."""
    limit = 0.5 if "user=reader" in connection.dsn else None
    while (state := connection.poll()) != extensions.POLL_OK:
        reads, writes = ([connection], []) if state == extensions.POLL_READ else ([], [connection])
        if not any(select.select(reads, writes, [], limit)):
            raise psycopg2.OperationalError("it does not answer")


extensions.set_wait_callback(wait)
