"""The rules under ASGI, on a real server: uvicorn in a process of its own, with sync and async views at once."""

import json
import socket
import subprocess
from concurrent.futures import ThreadPoolExecutor
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

import pytest

from tests.support.async_urls import AT_ONCE
from tests.support.factories import SectionFactory
from tests.support.processes import python

databases = ["default", "replica1", "replica2"]
pytestmark = pytest.mark.django_db(transaction=True, databases=databases)
REPLICAS = {"replica1", "replica2"}
PUBLIC = ["sync/", "async/"]


@pytest.fixture(scope="module", params=["application", "with_sync_middleware"])
def site(request, django_db_setup):
    """The address of a running uvicorn."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        descriptor = listener.fileno()
        command = python(
            "-m", "uvicorn", f"tests.support.asgi:{request.param}", "--fd", f"{descriptor}", "--log-level=error"
        )
        with subprocess.Popen(**command, pass_fds=[descriptor]) as server:
            try:
                yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
            finally:
                server.terminate()


@pytest.fixture(autouse=True)
def _a_section(wait_until_replayed):
    SectionFactory(name="old")
    wait_until_replayed()


class Browser:
    def __init__(self, site):
        self.site = site
        self.cookies = CookieJar()
        self.opener = build_opener(HTTPCookieProcessor(self.cookies))

    def get(self, path, **form):
        data = urlencode(form).encode() if form else None
        with self.opener.open(self.site + path, data, timeout=30) as response:
            return response.read().decode()


def test_the_same_rules_hold(site, replay_paused, cluster):
    browser = Browser(site)

    # Every way of a coroutine to the ORM; what the package cannot see falls back to the primary.
    ways = json.loads(browser.get("ways/"))
    blind = {"in the coroutine itself", "in a thread of its own"}
    assert {ways.pop(way) for way in {*blind, "primary()"}} == {"default"}
    assert len(set(ways.values())) == 1
    assert set(ways.values()) <= REPLICAS

    for kind in PUBLIC:
        assert browser.get(kind) in REPLICAS
        assert browser.get(f"admin/{kind}") == "default"
        assert Browser(site).get(kind, method="POST") == "default"
        lines = browser.get(f"stream/{kind}").split()
        assert len(lines) == 3
        assert len(set(lines)) == 1
        assert set(lines) <= REPLICAS
    assert not browser.cookies
    with pytest.raises(HTTPError, match="500"):
        browser.get("forbidden/")

    with replay_paused("replica1"):
        assert browser.get("write/", name="new") == "default"
        cluster.wait_until_replayed("replica2")
        assert json.loads(browser.get("names/")) == {"names": ["old", "new"], "alias": "replica2"}
        with replay_paused("replica2"):
            browser.get("write/", name="newer")
            assert json.loads(browser.get("names/")) == {"names": ["old", "new", "newer"], "alias": "default"}
            assert json.loads(Browser(site).get("names/"))["alias"] in REPLICAS


def test_requests_at_once_have_a_route_each(site):
    """As many of a kind are within their view at the same time, on one event loop."""
    paths = [f"{prefix}{kind}?meet" for prefix in ("", "admin/") for kind in PUBLIC for _ in range(AT_ONCE // 2)]
    with ThreadPoolExecutor(len(paths)) as pool:
        for _ in range(5):
            seen = list(pool.map(lambda path: json.loads(Browser(site).get(path)), paths))
            for path, (before, after) in zip(paths, seen, strict=True):
                assert before == after
                assert (before == "default") == path.startswith("admin/")
