"""The headers that an observatory asks for: on every kind of answer, a 503 and a file included."""

import pytest
from django.db import connections
from django.test import Client

databases = ["default", "replica1", "replica2"]
pytestmark = pytest.mark.django_db(transaction=True, databases=databases)

HEADERS = {
    "Content-Security-Policy",
    "Cross-Origin-Opener-Policy",
    "Cross-Origin-Resource-Policy",
    "Permissions-Policy",
    "Referrer-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
}
PATHS = {
    "/": 200,
    "/feed/": 200,
    "/nope/": 404,
    "/admin/": 302,
    "/admin/login/": 200,
    "/lab/": 403,
    "/health/live/": 200,
}


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_them(path):
    response = Client().get(path)
    assert response.status_code == PATHS[path]
    assert response.headers.keys() >= HEADERS


def test_what_is_refused_has_them_too():
    for response in (
        Client().put("/"),
        Client(enforce_csrf_checks=True).post("/"),
        Client().get("/", headers={"host": "x y"}),
    ):
        assert 400 <= response.status_code < 500
        assert response.headers.keys() >= HEADERS


def test_the_policy_is_strict():
    policy = Client().get("/").headers["Content-Security-Policy"]
    directives = dict(each.split(" ", 1) for each in policy.split("; "))
    assert directives.pop("default-src") == "'none'"
    assert directives.pop("base-uri") == directives.pop("frame-ancestors") == "'none'"
    assert directives.pop("form-action") == "'self'"
    assert set(directives.values()) == {"'self'"}  # no 'unsafe-inline', no host, no scheme


@pytest.fixture
def primary_is_gone(monkeypatch):
    """The primary's alias leads to a port at which nobody listens."""
    connections["default"].close()
    monkeypatch.setitem(connections["default"].settings_dict, "PORT", "1")
    monkeypatch.setitem(connections["default"].settings_dict, "HOST", "127.0.0.1")
    yield
    connections["default"].close()


def test_a_503_has_what_other_pages_have(primary_is_gone):
    for client, path in ((Client(), "/admin/login/"), (Client(), "/stories/x/")):
        client.cookies["sessionid"] = "a-session-that-nobody-can-look-up"
        response = client.post(path, {"username": "ed", "password": "x"}) if "login" in path else client.get("/admin/")
        assert response.status_code == 503
        assert response.headers.keys() >= HEADERS
        assert response.headers["Cache-Control"] == "no-store"


def test_a_readers_503_reloads_itself_and_an_editors_post_does_not(primary_is_gone, rf):
    from config.headers import unavailable

    refresh = '<meta http-equiv="refresh" content="5">'
    page = unavailable(rf.get("/"), Exception("The replica database cannot be reached.")).content.decode()
    assert refresh in page
    assert "replica" not in page.partition("<main")[2].partition("</main>")[0]
    page = unavailable(rf.get("/admin/"), Exception("The primary database cannot be reached.")).content.decode()
    assert refresh in page
    assert "The primary database cannot be reached." in page
    page = unavailable(rf.post("/admin/"), Exception("The primary database cannot be reached.")).content.decode()
    assert refresh not in page
    assert "If you were saving" in page
