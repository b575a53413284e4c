"""Fixtures for the tests of routing."""

from threading import Thread

import pytest
from django.db import connections


@pytest.fixture
def in_a_new_thread():
    """A function that calls another one in a thread of its own, hence on connections of its own."""

    def run(function):
        results = []

        def call():
            try:
                results.append(function())
            finally:
                connections.close_all()

        thread = Thread(target=call)
        thread.start()
        thread.join()
        return results[0]

    return run
