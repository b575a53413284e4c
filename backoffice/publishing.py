"""Putting stories into the paper and taking them out: in bulk, by the database's clock."""

from django.db import connections, router, transaction
from django.db.models.functions import Now

from .front_page import drop_cached_part
from .models import Story


def publish_now(stories):
    """Publish those of `stories` (a queryset) that are not; their publish time is now. Return how many."""
    drop_cached_part()
    return stories.exclude(status=Story.Status.PUBLISHED).update(
        status=Story.Status.PUBLISHED, published_at=Now(), updated_at=Now()
    )


def unpublish(stories):
    """Make drafts of `stories` (a queryset) that are published or scheduled. Return how many."""
    drop_cached_part()
    return stories.exclude(status=Story.Status.DRAFT).update(status=Story.Status.DRAFT, updated_at=Now())


def publish_due():
    """Publish the scheduled stories whose time has come; return their (slug, headline).

    One UPDATE: of two processes that run it at once, the second waits, looks again and finds them published.
    """
    alias = router.db_for_write(Story)
    with transaction.atomic(using=alias), connections[alias].cursor() as cursor:
        cursor.execute(
            "UPDATE backoffice_story SET status = %s, updated_at = statement_timestamp() "
            "WHERE status = %s AND published_at <= statement_timestamp() RETURNING slug, headline",
            [Story.Status.PUBLISHED, Story.Status.SCHEDULED],
        )
        drop_cached_part()
        return cursor.fetchall()
