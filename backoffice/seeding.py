"""Makes stories by the hundred thousand, in one transaction.

By INSERT of whole columns, which is nearly as quick as COPY.
"""

import datetime
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from random import Random

from django.db import connections, router
from django.utils import timezone
from django.utils.text import slugify

from . import seed_texts
from .front_page import drop_cached_part
from .models import Author, Section, Story, Tag

COLUMNS = {
    **dict.fromkeys(("guid", "slug", "headline", "standfirst", "body", "body_html"), "text[]"),
    **dict.fromkeys(("section_id", "author_id"), "bigint[]"),
    **{"status": "text[]", "published_at": "timestamptz[]", "updated_at": "timestamptz[]", "source_url": "text[]"},
}
_INSERT = (
    f"INSERT INTO backoffice_story ({', '.join(COLUMNS)}) "
    f"SELECT * FROM unnest({', '.join(f'%s::{kind}' for kind in COLUMNS.values())})"
)
# The years that the archive covers. Most stories are young: ages are uniform to the power of two.
YEARS = 8
BATCH = 2000
FEW_SECTIONS = 4


def next_number():
    """Return the number of the first story of the next run: one after the last that any run made."""
    with _cursor() as cursor:
        # An imported story may have such a GUID, too; its feed is not "", and its number may be of any length.
        cursor.execute(
            "SELECT max(substring(guid FROM 6)::bigint) FROM backoffice_story "
            "WHERE guid ~ '^seed:[0-9]{1,15}$' AND feed = ''"
        )
        return (cursor.fetchone()[0] or 0) + 1


def seed_stories(count, *, seed, progress):
    """Add `count` stories; `progress` is told how many more are there. The transaction is the caller's."""
    first = next_number()
    random = Random(f"{seed}/{first}")
    sections = _sections()
    authors = [_get(Author, f"{one} {two}") for one in seed_texts.FIRST for two in seed_texts.LAST]
    tags = [_get(Tag, name) for name in seed_texts.TAGS]
    rows = _rows(random, first, count, sections, authors)
    # The next batch is made while the database is busy with this one: a fifth of the time.
    with _cursor() as cursor, ThreadPoolExecutor(1) as ahead:
        batch = ahead.submit(_columns, rows)
        while columns := batch.result():
            batch = ahead.submit(_columns, rows)
            cursor.execute(_INSERT, columns)
            progress(len(columns[0]))
        cursor.execute(
            "INSERT INTO backoffice_story_tags (story_id, tag_id) "
            "SELECT id, (%s)[1 + id %% %s] FROM backoffice_story "
            "WHERE feed = '' AND guid IN (SELECT 'seed:' || n FROM generate_series(%s::bigint, %s) AS n)",
            [tags, len(tags), first, first + count - 1],
        )
    drop_cached_part()


def refresh_statistics():
    """Let the planner know, and make the replicas' index-only scans possible. Not inside a transaction."""
    with _cursor() as cursor:
        for model in (Story, Story.tags.through, Section, Author, Tag):
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")


def _cursor():
    return connections[router.db_for_write(Story)].cursor()


def _sections():
    """Return the newspaper's own sections, so that its navigation stays as it is; where it has few, more."""
    known = list(Section.objects.order_by("pk").values_list("pk", flat=True))
    if len(known) >= FEW_SECTIONS:
        return known
    return [_get(Section, name, position=50) for name in seed_texts.SECTIONS]


def _get(model, name, **more):
    found, _ = model.objects.get_or_create(slug=slugify(name), defaults={"name": name, **more})
    return found.pk


def _columns(rows):
    """Return the next batch of rows as columns; none at the end."""
    return [list(column) for column in zip(*islice(rows, BATCH), strict=True)]


def _rows(random, first, count, sections, authors):
    pool = seed_texts.paragraphs(random, 2000)
    # Whole days: with the same seed, a run on the same day makes the same stories.
    today = timezone.now().replace(hour=0, minute=0, second=0, microsecond=0)
    for number in range(first, first + count):
        headline = seed_texts.headline(random)
        chosen = random.sample(pool, random.randint(2, 3))
        status, published_at = _when(random, today)
        yield (
            f"seed:{number}",
            f"{slugify(headline)}-{number}",
            headline,
            seed_texts.sentence(random).replace("*", ""),
            "\n\n".join(text for text, _ in chosen),
            "".join(html for _, html in chosen),
            random.choice(sections),
            random.choice(authors),
            status,
            published_at.isoformat(),
            min(published_at, today).isoformat(),
            "",
        )


def _when(random, today):
    if random.random() < 0.0005:
        return Story.Status.SCHEDULED.value, today + datetime.timedelta(days=random.uniform(2, 30))
    status = Story.Status.DRAFT if random.random() < 0.02 else Story.Status.PUBLISHED
    return status.value, today - datetime.timedelta(days=365 * YEARS * random.random() ** 2)
