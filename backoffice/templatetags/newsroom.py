"""What the newsroom's first pages say beyond Django's own: what is on the desk, and whether anything can be saved."""

from django import template
from django.db import DatabaseError, InterfaceError, connections

from backoffice.models import Story
from routing.conf import conf
from routing.survival import within

register = template.Library()
SHOWN = 8  # of each status
PATIENCE = 1.0  # seconds for the primary's answer


@register.simple_tag
def on_the_desk():
    """Return what no reader sees yet, as (title, status, stories): the next to appear, or last changed, first."""
    stories = Story.objects.select_related("section").only("headline", "status", "published_at", "section__name")
    scheduled = stories.filter(status=Story.Status.SCHEDULED).order_by("published_at", "pk")
    drafts = stories.filter(status=Story.Status.DRAFT).order_by("-updated_at", "-pk")
    every = [("Scheduled", Story.Status.SCHEDULED, scheduled), ("Drafts", Story.Status.DRAFT, drafts)]
    return [(title, status, list(found[: SHOWN + 1])) for title, status, found in every]


@register.simple_tag
def primary_answers():
    """Return whether the primary answers. Without it nobody can log in."""
    connection = connections[conf().primary]
    try:
        with within(PATIENCE), connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return True
    except (DatabaseError, InterfaceError):
        connection.close()
        connection.errors_occurred = False  # the page says so, and is not to be made again
        return False
