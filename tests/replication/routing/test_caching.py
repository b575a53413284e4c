"""A cached value that an editor's save dropped is not made anew from a replica that has not replayed the save."""

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from backoffice.models import Section
from routing import primary
from routing.bookmarks import caching
from tests.support.factories import SectionFactory

databases = ["default", "replica1", "replica2"]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True, databases=databases)]


def make():
    return ",".join(Section.objects.values_list("name", flat=True))


def page(request):
    return HttpResponse(caching.get_or_make("sections", make, 60))


def plain_page(request):
    """WRONG ON PURPOSE: what is usually done."""
    return HttpResponse(cache.get_or_set("plain", make, 60))


urlpatterns = [path("", page), path("plain/", plain_page)]


@pytest.fixture(autouse=True)
def _empty_cache(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    yield
    cache.clear()


def get(url="/"):
    return Client().get(url).content.decode()


def save():
    SectionFactory(name="new")
    caching.drop("sections")
    cache.delete("plain")


def test_a_fill_from_a_replica_that_is_behind_is_not_kept(replay_paused, wait_until_replayed):
    with replay_paused("replica1", "replica2"):
        save()
        assert (get(), get("/plain/")) == ("", "")
    wait_until_replayed()
    assert (get(), get("/plain/")) == ("new", "")  # the plain one stays wrong until it expires


def test_a_fill_from_the_primary_is_kept(replay_paused):
    with replay_paused("replica1", "replica2"):
        save()
        with primary():
            assert caching.get_or_make("sections", make, 60) == "new"
        assert get() == "new"


def test_a_value_is_made_once(django_assert_num_queries, wait_until_replayed):
    save()
    wait_until_replayed()
    assert get() == "new"
    Section.objects.update(name="newer")  # nobody drops the key
    wait_until_replayed()
    assert get() == "new"


def test_a_fill_that_began_before_the_save_is_not_kept(wait_until_replayed):
    def make_slowly():
        value = make()
        save()  # an editor, in the meantime
        return value

    assert caching.get_or_make("sections", make_slowly, 60) == ""
    wait_until_replayed()
    assert get() == "new"
