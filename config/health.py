"""Probes for a load balancer or Compose: is this process alive, and which databases answer?"""

from django.db import connections
from django.http import JsonResponse

from routing.survival import within

PATIENCE = 1.0  # seconds for each answer: a frozen primary must not hold the probe up


def live(request):
    """The process answers. No database is asked: a dead one is no reason to restart the web server."""
    return JsonResponse({"status": "ok"})


def ready(request):
    """Each node, asked directly. 200 as long as pages can be read somewhere, otherwise 503. Within a few seconds."""
    with within(PATIENCE):
        nodes = {alias: _state(connections[alias]) for alias in connections}
    usable = any(state in {"primary", "replica"} for state in nodes.values())
    return JsonResponse({"status": "ok" if usable else "unavailable", "nodes": nodes}, status=200 if usable else 503)


def _state(connection):
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_is_in_recovery()")
            return "replica" if cursor.fetchone()[0] else "primary"
    except Exception as error:
        connection.close()
        connection.errors_occurred = False  # it is the answer, and no reason to make this page again elsewhere
        return f"unreachable: {error}".splitlines()[0]
