"""The race itself, over HTTP: the wrong routers lose it, ours does not, and each has the same work."""

import pytest
from django.contrib.auth.models import Group

from backoffice.demo_edition import create_demo_users
from backoffice.models import Story
from racelab import dispatch
from racelab.race import LAB, PREFIX, RaceError, Round, clean_up, prepare
from racelab.results import Result
from racelab.visitor import fields
from racelab.witness import Nodes
from tests.support.factories import SectionFactory

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])
WRONG = ("naive", "published")


@pytest.fixture
def nodes():
    nodes = Nodes()
    yield nodes
    nodes.close()


@pytest.fixture
def race(live_server, wait_until_replayed, replay_paused, settings, nodes):
    """A function that lets a router play a round, while no replica replays anything but the login."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    Group.objects.all().delete()
    create_demo_users()
    SectionFactory()

    def run(router):
        result = Result()
        round_ = Round(live_server.url, router, prepare([router], 0)[router], result, nodes)
        with replay_paused("replica1", "replica2"):
            round_.log_in()
        wait_until_replayed()
        with replay_paused("replica1", "replica2"):
            round_.save()
            round_.visitor.jar.clear_session_cookies()
            round_.visitor.jar.clear_expired_cookies()
            round_.look_again()
        round_.end()
        return result, round_.witness.events

    yield run
    clean_up(LAB)
    assert not Story.objects.filter(slug__startswith=LAB).exists()


def work(result):
    return result.rounds, result.tried, result.saved, result.news, result.looks, result.pages


def test_our_router_shows_each_save_and_loses_no_login(race):
    result, _ = race("ours")
    assert (result.stale, result.not_found, result.lost_logins, result.errors) == (0, 0, 0, 0)
    assert result.on_replicas == 0
    assert result.marks == [[]]


@pytest.mark.parametrize("router", WRONG)
def test_a_wrong_router_loses_the_login_the_story_and_the_change(race, router):
    """Also the naive one gets its saves through: an editor who may not even save has nothing to lose."""
    result, _ = race(router)
    assert (result.lost_logins, result.not_found, result.stale) == (1, 2, 2)
    assert result.on_replicas == result.pages == 4
    assert result.marks == [["404", "logged out", "stale"]]


@pytest.mark.parametrize("router", [*WRONG, "pinned", "multidb", "ours"])
def test_each_router_has_the_same_work(race, router):
    result, _ = race(router)
    assert work(result) == (1, 2, 2, 2, 2, 4)


def test_a_pin_that_is_over_shows_what_it_has_hidden(race, monkeypatch):
    """At once, and not any more when the guess was too short."""
    monkeypatch.setattr(dispatch.WRONG["pinned"], "seconds", 60)
    assert race("pinned")[0].stale == 0
    monkeypatch.setattr(dispatch.WRONG["pinned"], "seconds", 1e-9)
    assert race("pinned")[0].stale > 0


def test_a_save_that_waits_for_the_replicas_is_seen_at_once_and_takes_its_time(race, cluster, monkeypatch):
    monkeypatch.setattr(dispatch, "_LONGEST_WAIT", 0.2)  # seconds: here the replicas stand still
    result, _ = race("waiting")
    assert min(result.save_times) > 200
    assert result.stale > 0  # they did not have it when the wait ended


def test_a_round_leaves_nothing_but_the_story_it_was_given(race):
    race("ours")
    assert Story.objects.filter(slug__startswith=PREFIX).count() == 1


def test_the_round_that_went_wrong_is_written_down_as_it_was(race):
    events = race("published")[1]
    assert [event["at"] for event in events] == sorted(event["at"] for event in events)
    wrong = [event for event in events if event.get("is_wrong")]
    assert [event["why"] for event in wrong] == ["logged out", "404", "stale", "404", "stale"]
    saved = next(event for event in events if event.get("is_save"))
    missed = next(event for event in wrong if event["why"] == "404")
    assert "404" in missed["saw"]
    assert missed["served"][0][0] in ("replica1", "replica2")
    assert missed["served"][0][1] == "published router"
    served_by = missed["served"][0][0]
    assert position(missed["positions"][served_by]) < position(saved["positions"]["default"])


def test_a_node_that_does_not_answer_has_no_position(nodes, cluster):
    assert set(nodes.positions()) == {"default", "replica1", "replica2"}
    assert all(nodes.positions().values())


def test_a_password_that_was_changed_is_named(race, nodes, monkeypatch):
    monkeypatch.setattr("racelab.race.EDITOR", ("editor", "wrong"))
    with pytest.raises(RaceError, match="password was changed"):
        race("ours")


def test_figures_are_rounded_for_the_page():
    result = Result(pages=3, on_replicas=2, page_times=[1.26, 9.0, 0.5])
    assert result.summary()["on_replicas"] == 67
    assert result.summary()["page_time"] == 1.3
    assert Result().summary()["page_time"] is None


def test_a_form_is_sent_as_a_browser_does():
    page = """<form id="other"><input name="no" value="1"></form><form id="story_form"><input name="a" value="1">
    <textarea name="b">\n&lt;x&gt;</textarea><select name="c"><option value="1">x<option value="2" selected>y</select>
    <select name="m" multiple><option value="1"></select><input type="checkbox" name="d"><input type=checkbox name="e"
    checked><input type="submit" name="f"><input type="hidden" name="g" value="v1"></form>"""
    assert fields(page) == {"a": "1", "b": "<x>", "c": "2", "e": "on", "g": "v1"}


def position(text):
    high, low = text.split("/")
    return int(high, 16) << 32 | int(low, 16)
