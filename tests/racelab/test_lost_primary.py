"""A race whose primary stops, or freezes, ends soon and says why. On a running newspaper with a cluster of its own."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, Request, build_opener

import pytest

from cluster import faults
from cluster.replay import wait_until

pytestmark = pytest.mark.timeout(180)
SOON = 15  # seconds, on a busy machine


class Page:
    """The lab's page, open in a browser."""

    def __init__(self, site):
        self.site, self.jar = site, CookieJar()
        self.opener = build_opener(ProxyHandler({}), HTTPCookieProcessor(self.jar))
        self.get("/admin/login/")
        self.post("/admin/login/?next=/lab/", username="admin", password="admin")
        self.ticket = re.search('data-ticket="([^"]+)"', self.get("/lab/"))[1]

    def get(self, path, **headers):
        with self.opener.open(Request(self.site + path, headers=headers), timeout=30) as answer:
            return answer.read().decode()

    def post(self, path, **form):
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        data = urlencode({"csrfmiddlewaretoken": token, **form}, doseq=True).encode()
        with self.opener.open(Request(self.site + path, data), timeout=30) as answer:
            return answer.read().decode()

    def run(self):
        return json.loads(self.get("/lab/state/", **{"X-Ticket": self.ticket}))["run"]


@pytest.fixture
def lab(own, tmp_path):
    """The lab's page at a newspaper of its own."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    own.up()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")}
    environment |= own.environment() | {"PORT": str(port), "CACHE_DIR": str(tmp_path / "cache")}
    with open(tmp_path / "log", "w") as log:
        site = subprocess.Popen([sys.executable, "-m", "config.serve"], env=environment, stdout=log, stderr=log)
    try:
        yield Page(_wait_for(f"http://127.0.0.1:{port}", site))
    finally:
        site.terminate()
        site.wait(30)


def _wait_for(address, site):
    end = time.monotonic() + 90
    while time.monotonic() < end and site.poll() is None:
        try:
            build_opener(ProxyHandler({})).open(f"{address}/health/ready/", timeout=5).close()
            return address
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"The newspaper does not answer at {address}.")


def test_a_race_whose_primary_is_gone_ends_soon_and_says_so(lab, own):
    for fault, cure in ((faults.stop, faults.start), (faults.freeze, faults.thaw)):
        lab.post("/lab/run/", router=["naive", "published", "ours"], n=20, replica1=0.5, replica2=0.5)
        while not lab.run()["results"]:
            time.sleep(0.1)
        fault(own, "primary")
        start = time.monotonic()
        while (run := lab.run())["state"] == "running":
            assert time.monotonic() - start < SOON, fault
            time.sleep(0.1)
        assert run["state"] == "failed"
        assert run["message"] == "The primary does not answer any more. What was counted until then stands."
        cure(own, "primary")
        wait_until(lambda: '"default": "primary"' in lab.get("/health/ready/"), "the site to be back", 30)
