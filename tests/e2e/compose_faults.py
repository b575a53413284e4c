"""What compose_smoke.sh breaks: a replica is paused, cut off, killed; then the primary, and a replica is promoted.

Usage: compose_faults.py http://127.0.0.1:8000, with the environment of the stack (COMPOSE_PROJECT_NAME).
"""

import re
import subprocess
import sys
import time
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

SITE = sys.argv[1].rstrip("/")
PATHS = ["/", "/archive/", "/search/?q=replica", "/feed/"]
editor = build_opener(HTTPCookieProcessor(CookieJar()))


def compose(*words):
    done = subprocess.run(["docker", "compose", *words], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"FAIL  docker compose {' '.join(words)}: {done.stdout}{done.stderr}")
    return done.stdout.strip()


def docker(*words):
    subprocess.run(["docker", *words], check=True, capture_output=True)


def container(service):
    return compose("ps", "--all", "--quiet", service)


def sql(node, statement):
    return compose("exec", "-T", node, "psql", "--no-align", "--tuples-only", f"--command={statement}")


def until(is_true, what, seconds=60):
    """Wait for what has to become true."""
    deadline = time.monotonic() + seconds
    while not is_true():
        if time.monotonic() > deadline:
            sys.exit(f"FAIL  {what}")
        time.sleep(0.5)


def pages(times=6):
    """Return the databases and the seconds of some pages. One that is not there raises HTTPError."""
    used, slowest = set(), 0.0
    for path in PATHS * times:
        began = time.monotonic()
        with build_opener().open(SITE + path, timeout=20) as response:
            response.read()
            used |= {entry.split(";")[0].strip() for entry in response.headers["Server-Timing"].split(",")}
        slowest = max(slowest, time.monotonic() - began)
    return used, slowest


def save(name):
    """Log in anew, add a tag, and return the status of the answer."""
    try:
        page = editor.open(f"{SITE}/admin/login/?next=/admin/backoffice/tag/add/", timeout=20).read().decode()
        if 'name="password"' in page:
            form = {"username": "admin", "password": "admin", "next": "/admin/backoffice/tag/add/"}
            page = editor.open(f"{SITE}/admin/login/", _form(page, form), timeout=20).read().decode()
        return editor.open(f"{SITE}/admin/backoffice/tag/add/", _form(page, {"name": name, "slug": name})).status
    except HTTPError as error:
        return error.code


def _form(page, fields):
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    return urlencode({"csrfmiddlewaretoken": token, **fields}).encode()


def breaks(what, fault, cure):
    """Break replica1: every page has to come, and from the other one."""
    fault()
    used, slowest = pages()
    cure()
    if used != {"replica2"}:
        sys.exit(f"FAIL  {what}: pages came from {sorted(used)}")
    until(lambda: pages(2)[0] == {"replica1", "replica2"}, f"{what}: replica1 serves readers again")
    print(f"PASS  {what}: every page came, from replica2, in {slowest:.1f} s at most; then replica1 served again")


network = f"{compose('ps', '--format', '{{.Project}}', 'web').splitlines()[0]}_default"
replica1 = container("replica1")
breaks("docker pause", lambda: docker("pause", replica1), lambda: docker("unpause", replica1))
breaks(
    "docker network disconnect",
    lambda: docker("network", "disconnect", network, replica1),
    lambda: docker("network", "connect", "--alias", "replica1", network, replica1),
)
breaks("docker kill", lambda: docker("kill", replica1), lambda: compose("start", "replica1"))

until(lambda: save("before") == 200, "the editor saves")
docker("kill", container("primary"))
used, slowest = pages()
if "default" in used:
    sys.exit(f"FAIL  the primary killed: pages came from {sorted(used)}")
if (status := save("meanwhile")) != 503:
    sys.exit(f"FAIL  the primary killed: a save is answered with {status}")
print(f"PASS  the primary killed: every page came, in {slowest:.1f} s at most; a save is answered with 503")
compose("exec", "-T", "replica1", "/cluster/docker/promote.sh")
promoted = time.monotonic()
until(lambda: save("after") == 200, "a save after the promotion of replica1")
print(f"PASS  replica1 promoted: a save {time.monotonic() - promoted:.1f} s later, with no restart of the site")
compose("start", "primary")
streaming = """SELECT string_agg(application_name, ' ' ORDER BY application_name)
    FROM pg_stat_replication WHERE state = 'streaming'"""
until(lambda: sql("replica1", streaming) == "primary replica2", "replica2 and the old primary stream from replica1")
saved = "SELECT count(*) FROM backoffice_tag WHERE name IN ('before', 'after')"
until(lambda: sql("primary", saved) == "2", "the old primary has what was saved before and after", seconds=10)
print("PASS  the old primary rejoined as a replica, and has what was saved before and after")
