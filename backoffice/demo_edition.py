"""Loads the demo edition, which lies in demo/: what is missing is made, and what exists is left as it is."""

import tomllib
from pathlib import Path

from django.contrib.auth import get_user_model
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify

from .editors import editors_group
from .front_matter import FrontMatterError, read_story
from .models import Author, Correction, Section, Story, Tag

DIRECTORY = Path(__file__).parent / "demo"


def read_edition(directory=DIRECTORY):
    """Return the sections and authors (dicts) and the stories (DemoStory) of the edition."""
    edition = tomllib.loads((directory / "edition.toml").read_text(encoding="utf-8"))
    files = sorted((directory / "stories").glob("*.md"))
    stories = [read_story(path.read_text(encoding="utf-8"), path.name) for path in files]
    _check_references(edition, stories)
    return edition["section"], edition["author"], stories


def _check_references(edition, stories):
    sections = {row["slug"] for row in edition["section"]}
    authors = {row["slug"] for row in edition["author"]} | {None}
    for story in stories:
        if story.section not in sections or story.author not in authors:
            raise FrontMatterError(
                f"{story.slug}: edition.toml has no section {story.section!r} or no author {story.author!r}."
            )


def load_edition(sections, authors, stories):
    """Write what is missing; return the stories that were made.

    A story's time is its age before now (a scheduled one's: after now). A second run finds the story, and
    leaves the time of the first.
    """
    homes = {row["slug"]: _get_or_create(Section, row) for row in sections}
    writers = {row["slug"]: _get_or_create(Author, row) for row in authors}
    wanted = Q(guid__in=[each.guid for each in stories], feed="") | Q(slug__in=[each.slug for each in stories])
    known = {name for row in Story.objects.filter(wanted).values_list("guid", "slug") for name in row}
    missing = [each for each in stories if not known & {each.guid, each.slug}]
    tags = _tags({name for each in missing for name in each.tags})
    now = timezone.now()
    for each in missing:
        _create(each, homes[each.section], writers.get(each.author), tags, now)
    return missing


def _get_or_create(model, row):
    """Known by its slug; one of the same name that an import has made is taken too."""
    found = model.objects.filter(Q(slug=row["slug"]) | Q(name=row["name"])).first()
    return found or model.objects.create(**row)


def _tags(names):
    return {name: _get_or_create(Tag, {"name": name, "slug": slugify(name)}) for name in names}


def _create(each, section, author, tags, now):
    story = Story.objects.create(
        guid=each.guid,
        slug=each.slug,
        headline=each.headline,
        standfirst=each.standfirst,
        body=each.body,
        section=section,
        author=author,
        status=each.status,
        published_at=now + each.age if each.status == Story.Status.SCHEDULED else now - each.age,
    )
    story.tags.set(tags[name] for name in each.tags)
    Correction.objects.bulk_create(
        Correction(story=story, corrected_at=now - age, text=text) for age, text in each.corrections
    )


def create_demo_users():
    """Make editor/editor and admin/admin where they are missing; return the names of those made."""
    users, made = get_user_model().objects, []
    group = editors_group()
    if not users.filter(username="editor").exists():
        users.create_user("editor", password="editor", is_staff=True).groups.add(group)
        made.append("editor")
    if not users.filter(username="admin").exists():
        users.create_superuser("admin", password="admin")
        made.append("admin")
    return made
