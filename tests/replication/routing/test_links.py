"""A link carries the bookmark to a browser that has no cookie."""

import pytest
from django.test import Client

from backoffice.models import Section
from routing import replica
from routing.bookmarks import bookmark, with_bookmark
from tests.support.factories import SectionFactory
from tests.support.routing_urls import where

databases = ["default", "replica1", "replica2"]
pytestmark = [
    pytest.mark.urls("tests.support.routing_urls"),
    pytest.mark.django_db(transaction=True, databases=databases),
]


def test_a_link_shows_a_colleague_what_was_saved(replay_paused):
    with replay_paused("replica1", "replica2"):
        SectionFactory(name="new")
        plain = Client().get("/names/").json()
        linked = Client().get(with_bookmark("/names/")).json()
    assert plain["names"] == []
    assert linked == {"names": ["new"], "alias": "default"}


def test_a_link_is_served_by_a_replica_that_has_it(replay_paused):
    with replay_paused("replica1"):
        SectionFactory(name="new")
        assert Client().get(with_bookmark("/names/")).json() == {"names": ["new"], "alias": "replica2"}


def test_a_link_leaves_no_cookie(wait_until_replayed):
    SectionFactory(name="new")
    assert not Client().get(with_bookmark("/names/")).cookies


def test_a_link_keeps_what_the_url_had():
    url = with_bookmark("https://example.org/search/?q=a+b&empty=&bookmark=old#top")
    assert url.startswith("https://example.org/search/?q=a+b&empty=&bookmark=1:")
    assert url.endswith("#top")
    assert url.count("bookmark=") == 1


def test_an_expired_link_is_a_plain_link(settings, replay_paused):
    settings.ROUTING = settings.ROUTING | {"LINK_MAX_AGE": -1}
    with replay_paused("replica1", "replica2"):
        assert Client().get(with_bookmark("/names/")).json()["alias"] != "default"


def test_a_task_reads_no_older_than_what_it_was_handed(replay_paused, wait_until_replayed):
    with replay_paused("replica1", "replica2"):
        SectionFactory(name="new")
        position = bookmark()
        with replica(after=position):
            assert where() == "default"
            assert Section.objects.get().name == "new"
        with replica():
            assert not Section.objects.exists()
    wait_until_replayed()
    with replica(after=position):
        assert where() != "default"
        assert Section.objects.get().name == "new"


def test_what_is_no_position_is_refused_at_once():
    with pytest.raises(ValueError, match="not a WAL position"):
        replica(after="yesterday")
