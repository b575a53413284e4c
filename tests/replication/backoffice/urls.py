"""The newspaper's addresses, and a public page that runs management commands."""

from io import StringIO

from django.core.management import call_command
from django.http import HttpResponse
from django.urls import include, path

from backoffice.models import Story


def run(request, name):
    """A GET: its own reads go to a replica. `options` are the command's arguments."""
    out = StringIO()
    alias = Story.objects.all().db
    call_command(name, *request.GET.getlist("argument"), stdout=out)
    return HttpResponse(out.getvalue(), headers={"X-Alias": alias})


urlpatterns = [
    path("run/<name>/", run),
    path("", include("config.urls")),
]
