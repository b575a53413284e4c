"""The newspaper's pages, and a few more that the lessons look at."""

from io import StringIO

from django.core.management import call_command
from django.http import HttpResponse
from django.urls import path

from backoffice.models import Section, Story
from config.urls import handler404, handler500, urlpatterns

__all__ = ["handler404", "handler500", "urlpatterns"]


def account(request):
    """A page for readers that greets who is logged in."""
    return HttpResponse(f"Hello, {request.user.username or 'stranger'}")


def guide(request):
    """A page for readers whose path has the admin's in it, or begins like it."""
    return HttpResponse(f"{Section.objects.count()} sections")


def newest(request):
    """A page of two queries that know nothing of each other: the newest story, then its section."""
    story = Story.objects.order_by("-pk").first()
    section = Section.objects.get(pk=story.section_id)
    return HttpResponse(f"{section.name}: {story.headline}")


def graphql(request):
    """A page whose path and method tell nothing: every question is a POST to the same address."""
    return HttpResponse(Story.objects.count())


def cron(request):
    """A page that a timer on the web calls every minute: it runs the command of chapter 4."""
    from publish_due import Command  # the learner's

    out = StringIO()
    call_command(Command(), stdout=out)
    return HttpResponse(out.getvalue())


urlpatterns = [
    path("account/", account),
    path("administration-guide/", guide),
    path("guides/admin/", guide),
    path("newest/", newest),
    path("graphql/", graphql),
    path("cron/", cron),
    *urlpatterns,
]
