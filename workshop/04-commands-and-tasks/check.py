"""Chapter 4: a command that a page runs, and a report that nobody waits for. The router is the product's."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone
from report import stories_by_section

from backoffice.models import Story
from routing.bookmarks import bookmark
from workshop.console import doing
from workshop.lab import counted
from workshop.verdict import NotYet


def published(lab):
    """Schedule a story for a minute ago, let the page publish it, and return whether it did."""
    doing("a page runs publish_due, while both replicas stand still")
    with lab.standing_still():
        story = lab.story(status=Story.Status.SCHEDULED, published_at=timezone.now() - timedelta(minutes=1))
        Client().get("/cron/")
        story.refresh_from_db()
    is_published = story.status == Story.Status.PUBLISHED
    story.delete()  # one that is still due would be found the next time
    return is_published


def report_queries(lab):
    doing("the report")
    lab.catch_up()
    with counted() as queries:
        answer = stories_by_section()
    if not isinstance(answer, dict):
        raise NotYet(
            f"stories_by_section() returned {answer!r}.",
            "a dict: how many stories each section has.",
            "report.py: is the return still there, inside the block?",
        )
    return queries


def counts_the_import(lab):
    """Import a story, and return whether a report that is handed the bookmark counts it."""
    doing("the report, right after an import, while both replicas stand still")
    with lab.standing_still():
        story = lab.story()
        return stories_by_section(after=bookmark()).get(story.section.slug) == 1


def run(lab):
    queries, is_published = report_queries(lab), published(lab)
    print("a story due a minute ago, and a page that runs the command:", "published" if is_published else "still due")
    print(f"the report: {queries['default']} queries on the primary, {queries.total()} in all")
    print("the report after an import:", "counts it" if counts_the_import(lab) else "does not count it")


def check(lab):
    if not published(lab):
        raise NotYet(
            "a page for readers ran publish_due, and the story stayed unpublished.",
            "published. In a page there is a request, and its path sent the command's reads to a replica that "
            "doesn't have the story yet.",
            "publish_due.py: derive Command from routing.PrimaryCommand.",
        )
    queries = report_queries(lab)
    if queries["default"]:
        raise NotYet(
            f"the page publishes, but the report asked the primary {queries['default']} times.",
            "0 times. The report has no request, so the router plays safe, unless you say that a replica will do.",
            "report.py: put `with replica():` around the query and the dict() that runs it. A queryset asks when it "
            "is used, not where it is written.",
        )
    if not counts_the_import(lab):
        raise NotYet(
            "the report ran right after an import, got its bookmark in after=, and didn't count it.",
            "the import is counted: read from a replica that has replayed it, or else from the primary.",
            "report.py: pass the bookmark on, `with replica(after=after):`.",
        )
    return "the page publishes; the report costs the primary 0 queries, and counts the import it is told about"
