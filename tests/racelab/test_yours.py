"""A learner's own router races, is looked at before it runs, and is told what is wrong with it."""

import pytest

from racelab import lanes, yours
from racelab.dispatch import HEADER, sign
from racelab.yours import YourRouterError

METHOD = "    def db_for_read(self, model, **hints):\n        return {!r}\n"
CLASS = "class Router:\n" + METHOD


@pytest.fixture
def write(tmp_path, monkeypatch):
    """A function that writes the learner's router.py."""
    file = tmp_path / "router.py"
    monkeypatch.setenv("LAB_ROUTER", str(file))
    monkeypatch.setattr(yours, "_loaded", (None, None))
    return file.write_text


def test_it_is_a_lane_once_its_file_is_there(write):
    assert "yours" not in lanes.known()
    write(CLASS.format("replica2"))
    assert lanes.known()["yours"].label == "yours"


@pytest.mark.urls("tests.support.routing_urls")
@pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])
def test_it_decides_for_the_requests_of_its_lane(write, client):
    write(CLASS.format("replica2"))
    timing = client.get("/reads/", headers={HEADER: sign("yours")}).headers["Server-Timing"]
    assert 'replica2;desc="yours router"' in timing


def test_one_that_has_no_opinion_reads_the_primary_as_django_does(write):
    write(CLASS.format(None))
    assert yours.router().db_for_read(object) == "default"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("class Router\n", r"router.py, line 1: expected ':'"),
        ("x = 1\n", "router.py has no class Router"),
        ("class Router:\n    pass\n", "has no method db_for_read"),
        ("import no_such_module\n" + CLASS.format("default"), "fails when it is loaded: ModuleNotFoundError"),
    ],
)
def test_what_cannot_race_is_told_why(write, text, message):
    write(text)
    with pytest.raises(YourRouterError, match=message):
        yours.router()


def test_a_wrong_alias_is_named(write):
    write(CLASS.format("replica9"))
    with pytest.raises(YourRouterError, match="returned 'replica9'. Return one of default, replica1, replica2"):
        yours.router().db_for_read(object)
