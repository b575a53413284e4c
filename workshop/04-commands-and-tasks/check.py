"""Chapter 4: a command that a page runs, and a report that nobody waits for. The router is the product's."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from report import stories_by_section

from backoffice.models import Story
from routing.bookmarks import bookmark
from workshop.lab import counted


def published(lab):
    """Schedule a story for a minute ago, let the page publish it, and return whether it did."""
    with lab.standing_still():
        story = lab.story(status=Story.Status.SCHEDULED, published_at=timezone.now() - timedelta(minutes=1))
        Client().get("/cron/")
        story.refresh_from_db()
    is_published = story.status == Story.Status.PUBLISHED
    story.delete()  # one that is still due would be found the next time
    return is_published


def report_queries(lab):
    lab.catch_up()
    with counted() as queries:
        stories_by_section()
    return queries


def counts_the_import(lab):
    """Import a story, and return whether a report that is told so counts it."""
    with lab.standing_still():
        story = lab.story()
        return stories_by_section(after=bookmark()).get(story.section.slug) == 1


def run(lab):
    queries = report_queries(lab)
    print(
        "a story due for a minute, and a page that runs the command:", "published" if published(lab) else "still due"
    )
    print(f"the report: {queries['default']} queries on the primary, {queries.total()} in all")
    print("the report after an import:", "counts it" if counts_the_import(lab) else "does not count it")


def check(lab):
    assert published(lab), (
        "a page for readers ran publish_due, and a story that is due was not found. Within a page there is a request, "
        "and its path sent the command's reads to a replica. Derive Command from routing.PrimaryCommand."
    )
    queries = report_queries(lab)
    assert not queries["default"], (
        f"publish_due is cured. The report asked the primary {queries['default']} times: it has no request, so the "
        "router takes no chances. Say that a replica will do: `with replica():` around the query and the dict that "
        "runs it."
    )
    assert counts_the_import(lab), (
        "the report ran right after an import, was told so with after=, and did not count it: its replica had not "
        "replayed the import. Pass it on: `with replica(after=after):`."
    )
    return "the page publishes; the report costs the primary 0 queries, and counts the import that it is told of"
