"""Every way in which the ORM writes: refused on a reader's page, and read back where it is meant."""

from threading import Thread

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, connections, transaction
from django.http import JsonResponse
from django.test import Client
from django.urls import path

from routing import primary
from routing.guard import PublicWriteError, StaleSaveError
from tests.samples.models import Article, Note, Review, Topic

databases = ["default", "replica1", "replica2"]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True, databases=databases)]


def update_or_create():
    Article.objects.update_or_create(title="old", defaults={"title": "new"})
    return Article.objects.get().title


def bulk_update():
    article = Article.objects.get()
    article.title = "new"
    Article.objects.bulk_update([article], ["title"])
    return Article.objects.get().title


def bulk_create():
    Topic.objects.bulk_create([Topic(name="new")])
    return Topic.objects.latest("pk").name


def lock():
    with transaction.atomic():
        article = Article.objects.select_for_update().get()
        article.title = "new"
        article.save()
        return Article.objects.get().title


def child():
    """Saving a child writes its parent's table, too."""
    review = Review.objects.get()
    review.title = "new"
    review.save()
    return Article.objects.get().title


def new_child():
    Review.objects.create(title="new", verdict="new")
    return Article.objects.latest("pk").review.verdict


def many_to_many(how):
    def write():
        article, topic = Article.objects.get(), Topic.objects.create(name="new")
        how(article.topics, topic)
        return article.topics.latest("pk").name

    return write


def generic_relation(how):
    def write():
        with transaction.atomic():  # so that the note is there on the primary, and the article whatever the router
            note = Note.objects.create(text="new")
            article = Article.objects.get()
        how(article.notes, note)
        return article.notes.latest("pk").text

    return write


def generic_clear():
    Article.objects.get().notes.clear()
    return "old" if Article.objects.get().notes.exists() else "new"


def generic_update():
    Article.objects.get().notes.update(text="new")
    return Note.objects.get().text


def deleted():
    """The cascade finds the rows of the generic relation, of the child, and of the many-to-many table."""
    Article.objects.get().delete()
    return "old" if any(model.objects.exists() for model in (Article, Review, Note, Article.topics.through)) else "new"


def refreshed():
    article = Article.objects.create(title="new")
    article.refresh_from_db()
    return article.title


def own_row_in_a_transaction():
    with transaction.atomic():
        Article.objects.create(title="new")
        return Article.objects.latest("pk").title


def own_row_in_a_savepoint():
    with transaction.atomic(), transaction.atomic():
        Article.objects.create(title="new")
        return Article.objects.latest("pk").title


# Each writes "new", and gives what is read afterwards.
WRITES = {
    "update_or_create": update_or_create,
    "bulk_update": bulk_update,
    "bulk_create": bulk_create,
    "select_for_update": lock,
    "child": child,
    "new child": new_child,
    "many-to-many add": many_to_many(lambda topics, topic: topics.add(topic)),
    "many-to-many set": many_to_many(lambda topics, topic: topics.set([topic])),
    "generic relation add": generic_relation(lambda notes, note: notes.add(note)),
    "generic relation set": generic_relation(lambda notes, note: notes.set([note])),
    "generic relation create": generic_relation(lambda notes, note: notes.create(text="new")),
    "generic relation clear": generic_clear,
    "generic relation update": generic_update,
    "delete": deleted,
    "refresh_from_db": refreshed,
    "own row in a transaction": own_row_in_a_transaction,
    "own row in a savepoint": own_row_in_a_savepoint,
}


def result(write):
    try:
        return write()
    except (DatabaseError, ObjectDoesNotExist, PublicWriteError, StaleSaveError) as error:
        return type(error).__name__


def writes(request):
    return JsonResponse({how: old() or result(write) for how, write in WRITES.items()})


def means_it(request):
    with primary():
        return writes(request)


urlpatterns = [path("writes/", writes), path("means-it/", means_it)]


def old():
    """Start anew, outside of any request. Both replicas stay where they are, and have the same rows."""
    thread = Thread(target=make_old)
    thread.start()
    thread.join()


def make_old():
    for model in (Article, Topic, Note):
        model.objects.all().delete()
    topic = Topic.objects.create(pk=0, name="old")
    review = Review.objects.create(pk=0, title="old", verdict="old", topic=topic)
    review.topics.add(topic)
    Article.objects.get().notes.create(pk=0, text="old")
    connections.close_all()


@pytest.fixture(autouse=True)
def _paused(wait_until_replayed, replay_paused):
    old()
    wait_until_replayed()
    with replay_paused("replica1", "replica2"):
        yield


ALL_NEW = dict.fromkeys(WRITES, "new")


def test_a_post_reads_back_what_it_wrote(each_router):
    read = Client().post("/writes/").json()
    if each_router == "ours":
        assert read == ALL_NEW
    else:  # it reads the past, or does not find its own row, or writes to a replica
        assert {"old", "DoesNotExist", "InternalError"} <= {*read.values()}


def test_a_write_on_a_readers_page_is_refused():
    errors = Client().get("/writes/").json()
    assert errors.pop("generic relation update") == "InternalError"  # of the replica itself: it is read-only
    assert set(errors.values()) == {"PublicWriteError", "StaleSaveError"}
    assert {how for how, error in errors.items() if error == "StaleSaveError"} == {"child", "delete"}


def test_a_write_that_is_meant_is_read_back():
    assert Client().get("/means-it/").json() == ALL_NEW
