"""What compose_smoke.sh asks of the site, through its published port: a few requests, with nothing but Python.

Usage: compose_pages.py http://127.0.0.1:8000
"""

import re
import sys
import time
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

SITE = sys.argv[1].rstrip("/")
browser = build_opener(HTTPCookieProcessor(CookieJar()))


def get(path, form=None):
    """Return the text and the Server-Timing header of a page. A status of 400 or more raises HTTPError."""
    data = urlencode(form).encode() if form else None
    with browser.open(SITE + path, data, timeout=20) as response:
        return response.read().decode(), response.headers.get("Server-Timing", "")


def expect(truth, what):
    if not truth:
        sys.exit(f"FAIL  {what}")
    print(f"PASS  {what}")


front, _ = get("/")
stories = sorted(set(re.findall(r'href="(/stories/[^/"]+/)"', front)))
expect(len(stories) >= 5, f"the front page has stories ({len(stories)})")

pages = ["/", *stories[:3], "/archive/", "/search/?q=replica"] * 5


def read_from():
    """Return the databases that readers' pages come from."""
    timings = [get(page)[1] for page in pages]
    return {entry.split(";")[0].strip() for timing in timings for entry in timing.split(",")}


# A replica that was left out comes back a moment after it has caught up; until then the primary may help.
deadline = time.monotonic() + 20
while (read := read_from()) != {"replica1", "replica2"} and time.monotonic() < deadline:
    time.sleep(0.5)
expect(read == {"replica1", "replica2"}, f"readers are served by both replicas, and by nothing else: {sorted(read)}")

try:
    get("/search/?q=" + "a" * 10_000)
    expect(False, "a search text of 10 kB is refused")
except HTTPError as error:
    clothes = "The Daily Replica" in error.read().decode()
    expect(error.code == 400 and clothes, f"a search text of 10 kB is refused by the paper itself: {error.code}")

login, _ = get("/admin/login/")
token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', login)[1]
form = {"csrfmiddlewaretoken": token, "username": "editor", "password": "editor", "next": "/admin/"}
admin, timing = get("/admin/login/", form)
expect("logout" in admin, "editor / editor logs in to the admin")
expect(timing.startswith("default;"), f"the admin reads the primary: {timing}")
