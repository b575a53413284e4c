"""What code outside of requests may do with a row that it read from a replica."""

import pytest

from routing import primary, replica
from routing.guard import StaleSaveError
from tests.samples.models import Article, Note, Review, Topic

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])


@pytest.fixture(autouse=True)
def _paused(wait_until_replayed, replay_paused):
    Review.objects.create(title="old", verdict="old")
    Article.objects.get().notes.create(text="old")
    wait_until_replayed()
    with replay_paused("replica1", "replica2"):
        yield


def test_a_task_may_relate_a_row_of_a_replica_to_others():
    with replica():
        article = Article.objects.get()
        assert article._state.db != "default"
        article.topics.add(Topic.objects.create(name="new"))
        article.notes.add(Note.objects.create(text="new"))
        article.notes.create(text="newer")
    assert sorted(Note.objects.filter(article=article).values_list("text", flat=True)) == ["new", "newer", "old"]
    assert article.topics.get().name == "new"


def test_a_task_is_not_to_save_a_child_of_a_replica():
    with replica():
        review = Review.objects.get()
    with pytest.raises(StaleSaveError, match="samples.Review"):
        review.save()


def test_the_deferred_field_of_a_row_of_a_replica_does_not_make_it_look_new():
    """Loaded from the primary, it would make a row that never was, and that could be saved."""
    Article.objects.update(title="new")
    with replica():
        article = Article.objects.only("pk").get()
    with primary():
        assert article.title == "old"
    with pytest.raises(StaleSaveError):
        article.save()
    article.refresh_from_db(using="default")
    article.save()
    assert Article.objects.get().title == "new"
