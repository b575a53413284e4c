"""The race itself, over HTTP: the wrong routers lose it, ours does not."""

import pytest
from django.contrib.auth.models import Group

from backoffice.demo_edition import create_demo_users
from backoffice.models import Story
from racelab.race import PREFIX, Result, Round, clean_up, prepare
from tests.factories import SectionFactory

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])


@pytest.fixture
def race(live_server, wait_until_replayed, replay_paused, settings):
    """A function that runs one round with a router, while no replica replays."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    Group.objects.all().delete()
    create_demo_users()
    SectionFactory()
    story = prepare(0)

    def run(router):
        wait_until_replayed()
        result = Result()
        with replay_paused("replica1", "replica2"):
            Round(live_server.url, router, story, result).run()
        return result

    yield run
    clean_up()
    assert not Story.objects.filter(slug__startswith=PREFIX).exists()


def test_our_router_shows_each_save_and_loses_no_login(race):
    result = race("ours")
    assert (result.pages, result.stale, result.not_found, result.lost_logins, result.errors) == (2, 0, 0, 0, 0)
    assert result.on_replicas == 0


def test_the_published_router_loses_the_story_and_the_login(race):
    result = race("published")
    assert result.not_found == 1
    assert result.stale == 1
    assert result.lost_logins == 2
    assert result.on_replicas == result.pages == 2


def test_the_naive_router_does_not_even_let_the_editor_in(race):
    result = race("naive")
    assert result.lost_logins == 5
    assert result.pages == 0


def test_a_round_leaves_nothing_but_the_story_it_was_given(race):
    race("ours")
    assert Story.objects.filter(slug__startswith=PREFIX).count() == 1


def test_figures_are_rounded_for_the_page():
    result = Result(pages=3, on_replicas=2, milliseconds=[1.26, 9.0, 0.5])
    assert result.summary()["on_replicas"] == 67
    assert result.summary()["milliseconds"] == 1.3
    assert Result().summary()["milliseconds"] is None
