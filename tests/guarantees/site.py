"""The newspaper as it is served: gunicorn, with the project's own configuration, on the tests' cluster."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from http.client import HTTPConnection

from django.conf import settings
from django.db import connections

from cluster.temporary import free_ports


@contextmanager
def served(cluster, router, directory):
    """Give the port of a site that reads through `router`: ours, published or naive."""
    port = free_ports()
    database = connections["default"].settings_dict["NAME"]
    urls = [cluster.node(name).url("reader", database) for name in ("replica1", "replica2")]
    environment = os.environ | {
        "DATABASE_URL": cluster.primary.url("app", database),
        "REPLICA_URLS": ",".join(urls),
        "DJANGO_SETTINGS_MODULE": "tests.guarantees.settings",
        "ROUTER": router,
        "PORT": str(port),
        "CACHE_DIR": str(directory / "cache"),
    }
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.conf.py"]
    with (directory / "gunicorn.log").open("w") as log:
        server = subprocess.Popen(command, env=environment, cwd=settings.BASE_DIR, stdout=log, stderr=log)
        try:
            _wait_until_it_answers(server, port)
            yield port
        finally:
            server.terminate()
            server.wait(10)


def _wait_until_it_answers(server, port):
    deadline = time.monotonic() + 20
    while True:
        try:
            connection = HTTPConnection("127.0.0.1", port, timeout=10)
            connection.request("GET", "/health/ready/")
            assert connection.getresponse().status == 200
            return connection.close()
        except ConnectionRefusedError:
            assert server.poll() is None, "gunicorn did not start"
            assert time.monotonic() < deadline, "gunicorn does not answer"
            time.sleep(0.05)
