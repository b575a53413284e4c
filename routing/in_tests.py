"""What is different while a project's tests run: Django says which databases a test may use, and deletes them all.

A test may use `default` alone unless its `databases` say more. And Django cannot delete a test database while anybody
is connected to it, a thread in the background for example.
"""

from django.core import mail
from django.db import connections

from .conf import conf

_mail = vars(mail)


def is_test_environment() -> bool:
    """Return whether Django's setup_test_environment() has been called: it gives `django.core.mail` an outbox."""
    return "outbox" in _mail


def usable_replicas() -> tuple[str, ...]:
    """Return the replicas: all of them, or in a test those that it may use. Connects to nothing."""
    if not is_test_environment():
        return conf().replicas
    return tuple(alias for alias in conf().replicas if not _is_forbidden(alias))


def _is_forbidden(alias: str) -> bool:
    """Knock at the door that Django guards, in every thread: that of a LiveServerTestCase, too. Nobody goes in."""
    from django.test.testcases import DatabaseOperationForbidden  # type: ignore[attr-defined]  # no web process needs it

    connection = connections.create_connection(alias)
    connection.connect = lambda: None  # type: ignore[method-assign]
    try:
        connection.ensure_connection()
    except DatabaseOperationForbidden:
        return True
    except Exception:  # not for what the test said: the page will meet it, too
        return False
    return False
