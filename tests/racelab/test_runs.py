"""A race from its start to what is kept of it: figures, and the first round that went wrong, to link to."""

import csv
import io
import json
import re
from time import monotonic, sleep
from xml.etree import ElementTree

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from backoffice.demo_edition import create_demo_users
from racelab import controls, lease, notes, race, runs
from tests.support.factories import SectionFactory

pytestmark = [
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
    pytest.mark.timeout(120),
]


@pytest.fixture
def run_a_race(live_server, as_superuser, settings, monkeypatch):
    """A function that runs a race to its end, with both replicas a second late."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr(lease, "_watch", lambda: None)
    monkeypatch.setattr(race, "AGAIN", 0.1)
    Group.objects.all().delete()
    create_demo_users()
    SectionFactory()

    def run(*routers, rounds=1, seconds=1):
        started = runs.start(live_server.url, routers, rounds, {"replica1": seconds, "replica2": seconds})
        end = monotonic() + 60
        while runs.find(started["id"])["state"] == "running" or lease.held():
            assert monotonic() < end
            sleep(0.05)
        return runs.find(started["id"])

    return run


def test_it_ends_with_equal_work_for_each_and_puts_the_lag_back(run_a_race):
    kept = run_a_race("naive", "published", "ours", rounds=2)
    assert (kept["state"], kept["message"]) == ("done", "")
    work = {
        tuple(result[name] for name in ("rounds", "tried", "saved", "news", "looks"))
        for result in kept["results"].values()
    }
    assert work == {(2, 4, 4, 4, 4)}
    assert sorted(kept["histories"]) == ["naive", "published"]
    assert [controls.state(name)["delay"] for name in ("replica1", "replica2")] == ["0", "0"]


def test_the_round_that_went_wrong_has_a_link_a_drawing_and_its_data(run_a_race, client):
    number = run_a_race("published")["id"]
    page = client.get(reverse("lab_round", args=[number, "published"])).content.decode()
    assert "Wrong: the story she has published is not there." in page
    drawing = client.get(reverse("lab_round_svg", args=[number, "published"]))
    assert drawing.headers["Content-Type"] == "image/svg+xml"
    texts = [element.text for element in ElementTree.fromstring(drawing.content).iter() if element.text]
    assert {"editor", "primary", "replica1", "replica2", "her login is lost"} <= set(texts)
    data = client.get(reverse("lab_round_json", args=[number, "published"])).json()
    positions = [event["positions"][name] for event in data["events"] for name in ("default", "replica1", "replica2")]
    assert all(re.fullmatch("[0-9A-F]+/[0-9A-F]+", position) for position in positions)
    assert set(positions) <= set(texts)
    assert data["lags"] == {"replica1": 1, "replica2": 1}


def test_the_figures_can_be_kept(run_a_race, client):
    number = run_a_race("ours", seconds=0)["id"]
    rows = list(csv.DictReader(io.StringIO(client.get(reverse("lab_race_csv", args=[number])).content.decode())))
    assert [(row["router"], row["saved"], row["stale"]) for row in rows] == [("ours", "2", "0")]
    assert json.loads(client.get(reverse("lab_race_json", args=[number])).content)["results"]["ours"]["saved"] == 2
    assert client.get(reverse("lab_round", args=[number, "ours"])).status_code == 404


def test_only_the_last_races_are_kept(run_a_race, monkeypatch, client):
    monkeypatch.setattr(runs, "KEPT", 1)
    first, second = (run_a_race("ours", seconds=0)["id"] for _ in range(2))
    assert client.get(reverse("lab_race_json", args=[first])).status_code == 404
    assert client.get(reverse("lab_race_json", args=[second])).status_code == 200


@pytest.mark.parametrize("number", ["x", "../lease", "0123456z", "00000000"])
def test_what_is_no_race_is_not_looked_for(number):
    assert runs.find(number) is None


def test_a_second_race_has_to_wait(run_a_race):
    with notes.changed(runs.RUNS) as note:
        note["running"] = {"id": "00000000", "until": 9e9}
    with pytest.raises(runs.Busy, match="A race is being run"):
        run_a_race("ours")


def test_a_race_is_not_begun_while_replay_is_paused(run_a_race, replay_paused):
    with replay_paused("replica2"), pytest.raises(runs.Busy, match="Replay is paused on replica2"):
        run_a_race("ours", seconds=0)
    assert not runs.is_running()


def test_a_race_whose_process_died_is_said_to_have_failed(run_a_race):
    kept = run_a_race("ours", seconds=0)
    runs._keep(kept | {"state": "running"})
    assert runs.find(kept["id"])["message"] == "The process that ran it was stopped."
