"""PUBLIC_WRITES "repeat": a reader's page that writes is made again on the primary. And writes that nobody reads."""

import logging

import pytest
from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path

from backoffice.models import Section, Tag

pytestmark = [
    pytest.mark.urls(__name__),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]
seen = []


def confirm(request):
    """As an installed app does: reads, and then writes, by GET."""
    with transaction.atomic():
        before = [Section.objects.count(), Section.objects.all().db]
        seen.append(before)
        Section.objects.create(name="New", slug="new")
    return HttpResponse(f"{Section.objects.count()} {Section.objects.all().db}")


def catches_everything(request):
    try:
        return confirm(request)
    except BaseException:
        return HttpResponse("caught")


def last_seen(request):
    Tag.objects.create(name="seen", slug=f"seen-{Tag.objects.count()}")
    return HttpResponse(Section.objects.all().db)


def stream(request):
    def parts():
        yield "begun "
        Section.objects.create(name="New", slug="new")
        yield "done"

    return StreamingHttpResponse(parts())


def names(request):
    return HttpResponse(f"{Section.objects.count()} {Section.objects.all().db}")


urlpatterns = [
    path("confirm", confirm),
    path("catches", catches_everything),
    path("last-seen", last_seen),
    path("stream", stream),
    path("names", names),
]


@pytest.fixture(autouse=True)
def _repeat(settings):
    settings.ROUTING = settings.ROUTING | {"PUBLIC_WRITES": "repeat"}
    seen.clear()


@pytest.mark.parametrize("url", ["/confirm", "/catches"])
def test_a_page_that_writes_is_made_again_on_the_primary_once(url, replay_paused, wait_until_replayed, caplog):
    wait_until_replayed()
    with replay_paused("replica1", "replica2"), caplog.at_level(logging.WARNING, "routing"):
        browser = Client()
        assert browser.get(url).content == b"1 default"
        assert len(seen) == 2
        assert browser.get("/names").content == b"1 default"  # it has a bookmark
    (record,) = [each for each in caplog.records if getattr(each, "event", "") == "public write"]
    assert (record.outcome, record.path, record.target) == ("repeated", url, "backoffice.Section")


def test_what_a_page_has_begun_to_send_is_not_made_again_but_logged(caplog):
    with caplog.at_level(logging.WARNING, "routing"):
        assert b"".join(Client().get("/stream").streaming_content) == b"begun done"
    assert Section.objects.count() == 1
    assert [record.outcome for record in caplog.records if hasattr(record, "outcome")] == ["allowed"]


@pytest.mark.parametrize("public_writes", ["repeat", "forbid"])
def test_a_write_that_nobody_reads_back_leaves_the_page_on_a_replica_and_gives_no_bookmark(settings, public_writes):
    settings.ROUTING = settings.ROUTING | {"UNREAD_MODELS": ["backoffice.Tag"], "PUBLIC_WRITES": public_writes}
    browser = Client()
    assert browser.get("/last-seen").content in (b"replica1", b"replica2")
    assert not browser.cookies
    assert Tag.objects.count() == 1
