"""Slow clients, and long requests: others are served meanwhile, the slow ones end, and memory stays."""

import re
import socket
import time
from contextlib import ExitStack, contextmanager
from urllib.request import urlopen

import psutil
import pytest

from config.worker import IDLE, PATIENCE
from tests.support.gunicorn import served

SLOW = 20  # more than the threads of both processes
FONT = b"GET /static/publicsite/fonts/newsreader.woff2 HTTP/1.1\r\nHost: x\r\n\r\n"
KINDS = {
    "silent": b"",
    "half a head": b"GET / HTTP/1.1\r\nHost: ",
    "half a body": b"POST /admin/login/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\na",
    "takes nothing": FONT * 60,
}


@pytest.fixture(scope="module")
def site(cluster):
    settings = {"DJANGO_SETTINGS_MODULE": "config.settings", "WEB_CONCURRENCY": "2", "WEB_THREADS": "4"}
    with served(cluster.environment() | settings) as server:
        server.warm("/static/publicsite/fonts/newsreader.woff2")
        yield server


@contextmanager
def clients(site, kind, count=SLOW):
    with ExitStack() as stack:
        found = []
        for _ in range(count):
            client = stack.enter_context(socket.socket())
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.connect(("127.0.0.1", site.port))
            client.sendall(KINDS[kind])
            found.append(client)
        yield found


def is_served(site):
    with urlopen(site.address("/health/live/"), timeout=4) as answer:
        return answer.status == 200


def have_ended(clients):
    """Whether the server has closed all of them. What it had sent before is read."""
    for client in clients:
        client.settimeout(2)
        try:
            while client.recv(2**20):
                pass
        except ConnectionResetError:
            continue
        except TimeoutError:
            return False
    return True


@pytest.mark.parametrize("kind", KINDS)
def test_others_are_served_beside_slow_clients_and_those_end(site, kind):
    with clients(site, kind) as slow:
        time.sleep(0.5)  # a thread has taken each up, if it does that
        for _ in range(20):
            assert is_served(site)
        time.sleep(IDLE + 3)
        assert have_ended(slow)


@pytest.mark.timeout(PATIENCE * 3)
def test_who_sends_a_byte_now_and_then_ends_too(site):
    with clients(site, "half a head") as heads, clients(site, "half a body") as bodies:
        deadline = time.monotonic() + PATIENCE + 5
        ended = set()
        while len(ended) < 2 * SLOW and time.monotonic() < deadline:
            for client in {*heads, *bodies} - ended:
                try:
                    client.send(b"a")
                except OSError:
                    ended.add(client)
            assert is_served(site)
            time.sleep(1)
        assert len(ended) == 2 * SLOW


def test_hundreds_of_silent_clients_are_no_hindrance(site):
    with clients(site, "silent", 400):
        assert is_served(site)


# --- Long requests ------------------------------------------------------------------------------------------


def resident(site):
    return sum(psutil.Process(process.pid).memory_info().rss for process in site.processes())


def test_a_request_line_of_10_kb_reaches_the_paper(site):
    """What is too long for a search, the paper says itself."""
    with urlopen(site.address("/health/live/?q=" + "a" * 10_000), timeout=10) as answer:
        assert answer.status == 200


@pytest.mark.parametrize("head", ["GET /search/?q={} HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nX: {}\r\n\r\n"])
def test_a_head_of_16_mb_is_refused_at_64_kb(site, head):
    before, began = resident(site), time.monotonic()
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as client:
        try:
            client.sendall(head.format("a" * 2**24).encode())
        except OSError:
            pass  # it is closed before all is sent
        else:
            assert re.match(rb"HTTP/1.[01] 431 ", client.recv(100))
    assert time.monotonic() - began < 3
    assert resident(site) - before < 8 * 2**20


def test_a_body_over_the_limit_is_refused_before_it_is_sent(site):
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as client:
        client.sendall(b"POST /admin/login/ HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n" + b"a" * 1000)
        assert re.match(rb"HTTP/1.[01] 413 ", client.recv(100))
