"""PUBLIC_WRITES and STALE_SAVES: a write where none belongs is refused, and no update is lost."""

import logging

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.db import connection, models, transaction
from django.db.models import F
from django.forms import modelform_factory
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from backoffice.models import Section, Story, Tag
from routing import primary, replica
from routing.guard import PublicWriteError, StaleSaveError
from tests.support.factories import StoryFactory, TagFactory

databases = ["default", "replica1", "replica2"]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True, databases=databases)]

SECTION = {"name": "New", "slug": "new"}


def raw_sql():
    with connection.cursor() as cursor:
        cursor.execute("UPDATE backoffice_section SET name = 'Raw'")


def in_transaction():
    with transaction.atomic():
        Section.objects.create(**SECTION)


WRITES = {
    "save": lambda: Section(**SECTION).save(),
    "create": lambda: Section.objects.create(**SECTION),
    "bulk-create": lambda: Section.objects.bulk_create([Section(**SECTION)]),
    "get-or-create": lambda: Section.objects.get_or_create(**SECTION),
    "update": lambda: Section.objects.update(name="Old"),
    "delete": lambda: Section.objects.all().delete(),
    "raw": raw_sql,
    "transaction": in_transaction,
}


def writes(request, how):
    WRITES[how]()
    return HttpResponse("written")


def means_it(request, how):
    with primary():
        WRITES[how]()
    return HttpResponse(Section.objects.all().db)


def finds(request):
    Section.objects.get_or_create(**SECTION)
    return HttpResponse(Section.objects.all().db)


def counts_visits(request):
    request.session["visits"] = request.session.get("visits", 0) + 1
    get_user_model().objects.update(first_name="Seen")
    return HttpResponse("counted")


urlpatterns = [
    path("finds/", finds),
    path("visits/", counts_visits),
    path("writes/<how>/", writes),
    path("means-it/<how>/", means_it),
    path("admin/writes/<how>/", writes),
    path("admin/", admin.site.urls),
]


@pytest.mark.parametrize("how", WRITES)
def test_a_write_while_a_page_is_read_is_refused(how):
    Section.objects.create(name="Old", slug="old")
    with pytest.raises(PublicWriteError, match=f"GET /writes/{how}/ writes .*Section.*with primary()"):
        Client().get(f"/writes/{how}/")
    assert list(Section.objects.values_list("name", flat=True)) == ["Old"]


def test_raw_sql_on_an_unknown_table_is_shown():
    def view(request):
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE surprise ()")

    urlpatterns.append(path("surprise/", view))
    with pytest.raises(PublicWriteError, match="writes CREATE TABLE surprise"):
        Client().get("/surprise/")


@pytest.mark.parametrize("how", WRITES)
def test_a_write_that_is_meant_is_allowed_and_then_read_from_the_primary(how):
    Section.objects.create(name="Old", slug="old")
    assert Client().get(f"/means-it/{how}/").content == b"default"


@pytest.mark.parametrize("how", WRITES)
def test_post_and_the_primary_paths_may_write(how):
    assert Client().post(f"/writes/{how}/").content == b"written"
    Section.objects.all().delete()
    assert Client().get(f"/admin/writes/{how}/").content == b"written"


def test_a_get_or_create_that_finds_its_row_is_no_write(wait_until_replayed):
    Section.objects.create(**SECTION)
    wait_until_replayed()
    response = Client().get("/finds/")
    assert response.content != b"default"
    assert not [name for name in response.cookies if name.startswith("routing_bookmark")]


def test_pinned_models_may_be_written_anywhere():
    client = Client()
    assert client.get("/visits/").content == b"counted"
    assert client.session["visits"] == 1


def test_writes_may_be_logged_or_allowed(settings, caplog):
    settings.ROUTING = settings.ROUTING | {"PUBLIC_WRITES": "log"}
    with caplog.at_level(logging.WARNING, "routing"):
        assert Client().get("/writes/create/").content == b"written"
    assert "writes backoffice.Section" in caplog.text
    caplog.clear()
    settings.ROUTING = settings.ROUTING | {"PUBLIC_WRITES": "allow"}
    assert Client().get("/writes/update/").content == b"written"
    assert not caplog.text


# --- A row from a replica, saved to the primary -----------------------------------------------------------


def whole(story):
    story.standfirst = "mine"
    story.save()


def some_fields(story):
    story.standfirst = "mine"
    story.save(update_fields=["standfirst"])


def only(story):
    with replica():
        story = Story.objects.only("pk", "standfirst").get(pk=story.pk)
    whole(story)


def deferred(story):
    with replica():
        story = Story.objects.defer("body").get(pk=story.pk)
    whole(story)


def related(story):
    story.section.name = "mine"
    story.section.save()


def of_reverse_relation(story):
    with replica():
        story = story.section.stories.get()
    whole(story)


def prefetched(story):
    with replica():
        section = Section.objects.prefetch_related("stories").get()
    whole(section.stories.all()[0])


def by_form(story):
    form = modelform_factory(Story, fields=["standfirst"])({"standfirst": "mine"}, instance=story)
    assert form.is_valid()
    form.save()


def expression(story):
    story.standfirst = F("headline")
    story.save()


def by_name_of_database(story):
    story.standfirst = "mine"
    story.save(using="default")


def iterated(story):
    with replica():
        story = next(Story.objects.iterator())
    whole(story)


def deleted(story):
    story.delete()


STALE = [
    whole, some_fields, only, deferred, related, of_reverse_relation, prefetched, by_form, expression,
    by_name_of_database, iterated, deleted,
]  # fmt: skip


@pytest.fixture
def old_story(replay_paused, wait_until_replayed):
    """A story as a replica shows it, while an editor has just given it another headline and section name."""
    story = StoryFactory(headline="old")
    wait_until_replayed()
    with replay_paused("replica1", "replica2"):
        Story.objects.filter(pk=story.pk).update(headline="new")
        with replica():
            story = Story.objects.select_related("section").get()
        assert story.headline == "old"
        yield story


@pytest.mark.parametrize("how", STALE, ids=lambda how: how.__name__)
def test_a_row_from_a_replica_is_not_saved_over_a_newer_one(how, old_story):
    with pytest.raises(StaleSaveError, match="was read from replica[12], so it may be old.*with primary()"):
        how(old_story)
    assert Story.objects.get().headline == "new"


@pytest.mark.parametrize("how", [whole, deleted], ids=lambda how: how.__name__)
def test_without_the_guard_the_newer_row_is_lost(how, old_story, settings):
    settings.ROUTING = settings.ROUTING | {"STALE_SAVES": "allow"}
    how(old_story)
    assert not Story.objects.filter(headline="new").exists()


def test_a_row_that_is_read_again_may_be_saved(old_story):
    old_story.refresh_from_db(using="default")
    whole(old_story)
    story = Story.objects.get()
    assert (story.headline, story.standfirst) == ("new", "mine")


def test_tags_may_be_added_to_a_row_from_a_replica(old_story):
    with primary():
        old_story.tags.add(TagFactory())
        assert Tag.objects.filter(stories=old_story).count() == 1


def test_a_row_that_a_command_read_may_be_saved():
    story = StoryFactory()
    assert isinstance(story, models.Model)
    whole(Story.objects.get())
