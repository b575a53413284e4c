"""Requests by chance to the newspaper as it is served: each is answered, none by an error of ours.

    FUZZ_REQUESTS=100000 .venv/bin/python -m pytest tests/replication/test_fuzzed_requests.py

Request n is the same in each run:

    python -c "from tests.support.fuzzing import request; print(request(n, 8000, {}))"
"""

import os
import re
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import Client

from tests.support.factories import EditorFactory, StoryFactory
from tests.support.fuzzing import request
from tests.support.gunicorn import served

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])

REQUESTS = int(os.environ.get("FUZZ_REQUESTS") or 3000)
FIRST = int(os.environ.get("FUZZ_FIRST") or 0)
PATIENCE = 15  # seconds for an answer
# What a request can deserve. No 5xx of the site's own: 501 and 505 are gunicorn's word for what is no HTTP.
ANSWERS = {200, 301, 302, 304, 400, 403, 404, 405, 409, 412, 413, 414, 417, 429, 431, 501, 505}


@pytest.fixture
def editor():
    """An editor's cookies, and stories to look at."""
    StoryFactory(slug="race", section__slug="races", author__slug="ada", body="A **replica** is late.")
    StoryFactory.create_batch(30)
    client = Client()
    client.force_login(EditorFactory())
    return {"sessionid": client.cookies["sessionid"].value, "csrftoken": "a" * 32}


@pytest.fixture
def site(cluster, wait_until_replayed):
    database = "/" + connections["default"].settings_dict["NAME"]
    urls = {name: value.replace("/newspaper", database) for name, value in cluster.environment().items()}
    wait_until_replayed()
    with served(urls) as server:
        yield server


def answer(port, sent):
    """Return the status of the answer: 0 for none, -1 for one that did not come in time."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
        try:
            connection.sendall(sent)
            connection.shutdown(socket.SHUT_WR)  # so that nobody waits for a body that was promised
            got = b""
            while part := connection.recv(65536):
                got += part
        except TimeoutError:
            return -1
        except ConnectionError:  # it was closed with something unread
            pass
    if got.startswith(b"HTTP/1.1 100"):  # the word before the answer, to Expect: 100-continue
        got = got.partition(b"\r\n\r\n")[2]
    status = got.partition(b" ")[2][:3]
    return int(status) if status.isdigit() else 0


def is_whole(sent):
    """Return whether a request has all the body that it promises: who hangs up before that gets no answer."""
    head, _, body = sent.partition(b"\r\n\r\n")
    head = head.lower()
    if b"transfer-encoding:" in head or b"expect:" in head:
        return False
    length = re.search(rb"content-length: *(\d+)", head)
    return length is None or int(length[1]) <= len(body)


@pytest.mark.timeout(60 + REQUESTS // 10)
def test_each_request_is_answered_and_none_by_an_error_of_ours(editor, site):
    def ask(number):
        return number, answer(site.port, request(number, site.port, editor))

    with ThreadPoolExecutor(6) as several:
        answers = dict(several.map(ask, range(FIRST, FIRST + REQUESTS)))
    wrong = {number: status for number, status in answers.items() if status not in ANSWERS}
    wrong = {n: status for n, status in wrong.items() if status or is_whole(request(n, site.port, editor))}
    assert not wrong, "\n".join(f"{n}: {wrong[n]} {request(n, site.port, editor)[:300]}" for n in [*wrong][:10])
    assert site.said("Traceback") == []
    assert site.said("Internal Server Error") == []
    statuses = Counter(answers.values())
    print(f"{REQUESTS:,} requests from number {FIRST}: {dict(statuses.most_common())}")
    assert {200, 302, 400, 403, 404, 405} <= set(statuses), statuses  # they get as far as the forms
