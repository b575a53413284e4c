"""What the tests of the admin send: the story's form as a browser would."""

from django.urls import reverse
from django.utils import timezone


def story_form(story=None, section=None, corrections=(), **changes):
    """Return the POST data of the story's form: as the form shows `story`, with `changes`."""
    time = story.published_at if story else timezone.now()
    data = {
        "headline": story.headline if story else "New headline",
        "slug": story.slug if story else "new-headline",
        "standfirst": story.standfirst if story else "",
        "body": story.body if story else "Body.",
        "section": (section or story.section).pk,
        "author": story.author_id or "" if story else "",
        "tags": [tag.pk for tag in story.tags.all()] if story else [],
        "status": story.status if story else "draft",
        "corrections-TOTAL_FORMS": len(corrections),
        "corrections-INITIAL_FORMS": 0,
        **at(time),
    }
    for number, text in enumerate(corrections):
        data[f"corrections-{number}-text"] = text
        data[f"corrections-{number}-story"] = story.pk if story else ""
        data |= at(timezone.now(), f"corrections-{number}-corrected_at")
    return data | changes


def at(time, name="published_at"):
    """Return a time as the admin's two inputs send it."""
    return {f"{name}_0": time.strftime("%Y-%m-%d"), f"{name}_1": time.strftime("%H:%M:%S")}


def address(page, *args):
    return reverse(f"admin:backoffice_story_{page}", args=args)
