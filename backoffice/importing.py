"""Brings the items of a feed into the newspaper: read what exists, update what changed, create the rest."""

import hashlib
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from .front_page import drop_cached_part
from .models import Section, Story
from .one_at_a_time import one_at_a_time

# What an import brings up to date. Slug, section, status and times stay as they are once a story exists.
FROM_THE_FEED = ["headline", "standfirst", "body", "source_url"]
LONGEST_SLUG = 80
BATCH = 500


@dataclass(frozen=True)
class Outcome:
    """How many stories an import created and updated, found unchanged, and met again in the same file."""

    created: int
    updated: int
    unchanged: int
    repeated: int


def import_items(items, *, feed, section, status, dry_run=False):
    """Write `items` of `feed` (its identity) in one transaction and return the Outcome; with `dry_run`, write nothing.

    It costs one query to read, one for slugs, and one for each BATCH that is written. Where nothing
    changed, nothing is written.
    """
    by_guid = {}
    for item in items:
        by_guid.setdefault(item.guid, item)
    with one_at_a_time("import_feed"):
        known = _known(by_guid, feed)
        changed = [known[guid] for guid in known if _bring_up_to_date(known[guid], by_guid[guid], feed)]
        new = [item for guid, item in by_guid.items() if guid not in known]
        if new and not dry_run:
            _create(new, feed, section, status)
        if changed and not dry_run:
            Story.objects.bulk_update(changed, [*FROM_THE_FEED, "feed", "body_html", "updated_at"], batch_size=BATCH)
        if (new or changed) and not dry_run:
            drop_cached_part()
    return Outcome(len(new), len(changed), len(known) - len(changed), len(items) - len(by_guid))


def _known(by_guid, feed):
    """Return the stories that `feed` brought before, by GUID; and those of before feeds were told apart (feed "")."""
    stories = Story.objects.only("guid", "feed", *FROM_THE_FEED).filter(guid__in=list(by_guid))
    known = {story.guid: story for story in stories.filter(feed=feed)}
    for story in stories.filter(feed="").exclude(source_url=""):
        if story.guid not in known and story.source_url == by_guid[story.guid].source_url:
            known[story.guid] = story
    return known


def _bring_up_to_date(story, item, feed):
    """Give `story` what `item` of `feed` says now; return whether that is news."""
    if story.feed == feed and all(getattr(story, name) == getattr(item, name) for name in FROM_THE_FEED):
        return False
    story.feed = feed
    for name in FROM_THE_FEED:
        setattr(story, name, getattr(item, name))
    story.render()
    story.updated_at = timezone.now()  # auto_now is save()'s
    return True


def _create(items, feed, section, status):
    now, slugs, home = timezone.now(), _choose_slugs(items), _section(section)
    stories = [
        Story(
            guid=item.guid,
            feed=feed,
            slug=slugs[item.guid],
            section=home,
            status=status,
            # A date in the future would hold the top of the front page until then.
            published_at=min(item.published_at or now, now),
            **{name: getattr(item, name) for name in FROM_THE_FEED},
        )
        for item in items
    ]
    for story in stories:
        story.render()
    Story.objects.bulk_create(stories, batch_size=BATCH)


def _section(name):
    """Return the section of that name or slug, made where there is none."""
    slug = slugify(name)[: Section._meta.get_field("slug").max_length] or "wire"
    found = Section.objects.filter(Q(name__iexact=name) | Q(slug=slug)).first()
    return found or Section.objects.create(name=name, slug=slug)


def _choose_slugs(items):
    """Return a free slug for each GUID: of the headline, and with a piece of the GUID's hash where taken."""
    plain = {item.guid: _slug(item.headline) for item in items}
    marked = {
        guid: f"{slug or 'story'}-{hashlib.sha256(guid.encode()).hexdigest()[:10]}" for guid, slug in plain.items()
    }
    taken = set(Story.objects.filter(slug__in=[*plain.values(), *marked.values()]).values_list("slug", flat=True))
    chosen = {}
    for guid, slug in plain.items():
        chosen[guid] = slug if slug and slug not in taken else marked[guid]
        taken.add(chosen[guid])
    return chosen


def _slug(headline):
    """Return the headline as a slug, cut between two words."""
    slug = slugify(headline)
    if len(slug) > LONGEST_SLUG:
        slug = slug[:LONGEST_SLUG].rpartition("-")[0] or slug[:LONGEST_SLUG]
    return slug.strip("-_")
