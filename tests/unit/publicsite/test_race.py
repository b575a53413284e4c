"""/race/ is docs/race.html, in the demo only, and asks no database."""

from django.conf import settings as project

FILE = project.BASE_DIR / "docs" / "race.html"


def test_the_demo_serves_the_file(client):
    response = client.get("/race/")
    assert response.content == FILE.read_bytes()
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"


def test_there_is_none_where_demo_is_off(client, settings, db):
    settings.DEMO = False
    assert client.get("/race/").status_code == 404
