"""The newspaper with several workers and threads, and what a test wants differently."""

from tests.support.gunicorn import served

WORKERS, THREADS = 2, 4
SETTINGS = {"DJANGO_SETTINGS_MODULE": "tests.faults.under_load.settings"}


def newspaper(**switches):
    """Give a Server. `switches` are environment variables: see settings.py and wsgi.py."""
    size = {"WEB_CONCURRENCY": str(WORKERS), "WEB_THREADS": str(THREADS)}
    return served(SETTINGS | size | switches, "tests.faults.under_load.wsgi")
