"""INCOMPLETE ON PURPOSE: whoever meets a broken server gets an error, or waits. Three cures, a few lines in all."""

import os
import select

import psycopg2
from django.db import connections
from psycopg2 import extensions

# 3. One server. The others, which may lead one day, are at PORT + 1 and PORT + 2.
PORT = int(os.environ["WORKSHOP_PORT"])
PRIMARY = f"postgres://app:insecure-demo-only@127.0.0.1:{PORT}/newspaper"

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
            # 1. The page has failed. If it only reads, make it again, on the other one.
        return response


def wait(connection):
    """Wait for a server. psycopg2 calls this for each statement, and while it connects."""
    # 2. This waits for ever. Give replicas half a second ("user=reader" in connection.dsn); when it is over, select()
    # returns three empty lists: raise then.
    limit = None
    while (state := connection.poll()) != extensions.POLL_OK:
        reads, writes = ([connection], []) if state == extensions.POLL_READ else ([], [connection])
        select.select(reads, writes, [], limit)


extensions.set_wait_callback(wait)
