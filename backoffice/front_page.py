"""A part of the front page is kept in the cache. Whatever changes stories or sections has to drop it."""

from django.db import transaction

from routing.bookmarks import caching

BY_SECTION = "front:by-section"


def drop_cached_part(**kwargs):
    """Drop it once the change is committed. Also a receiver of post_save and post_delete; bulk writers call it."""
    transaction.on_commit(lambda: caching.drop(BY_SECTION))
