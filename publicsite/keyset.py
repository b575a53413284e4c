"""Pages of a long list: each starts where the last one ended, so that page 5,000 costs what page 1 costs.

The cursor is the last story's publish time and primary key, the order of `published()`. Counting pages (OFFSET)
would read all that it skips, and would repeat or miss stories when one is published in between.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.http import Http404

PAGE_SIZE = 20
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CURSOR = re.compile(r"(-?[0-9]{1,20})-([0-9]{1,19})")  # negative before 1970


@dataclass(frozen=True)
class Page:
    """A page of stories; `older` is the cursor of the next one, None on the last."""

    stories: list
    older: str | None
    is_first: bool


def page_of(stories, cursor):
    """Return the page of `stories` that begins after `cursor`. Raises Http404 for what is no cursor."""
    if cursor is not None:
        time, pk = _decode(cursor)
        stories = stories.filter(published_at__lte=time).exclude(published_at=time, pk__gte=pk)
    found = list(stories[: PAGE_SIZE + 1])
    is_last = len(found) <= PAGE_SIZE
    found = found[:PAGE_SIZE]
    return Page(found, None if is_last else _encode(found[-1]), cursor is None)


def _encode(story):
    return f"{(story.published_at - _EPOCH) // _MICROSECOND}-{story.pk}"


def _decode(cursor):
    try:
        time, pk = _CURSOR.fullmatch(cursor).groups()
        if int(pk) >= 2**63:
            raise ValueError
        return _EPOCH + int(time) * _MICROSECOND, int(pk)
    except (AttributeError, ValueError, OverflowError) as error:
        raise Http404("There is no such page of the archive.") from error
