"""The site of the random histories: pages that show the names of one history, each with a mark of who looks."""

from django.contrib import admin
from django.http import JsonResponse
from django.urls import path

from backoffice.models import Section
from routing import primary

meanwhile = []  # what happens between a page's choice of a database and its query


def read(request):
    """The names whose slug begins as `run` says."""
    names = Section.objects.filter(slug__startswith=request.GET["run"])
    assert names.db
    while meanwhile:
        meanwhile.pop()()
    return _page(request, names)


def add(request):
    """Read, then add a name."""
    page = _page(request, Section.objects.filter(slug__startswith=request.GET["run"]))
    _create(request)
    return page


def add_and_read(request):
    """Add a name by a safe method, because the code means it, then read."""
    with primary():
        _create(request)
    return _page(request, Section.objects.filter(slug__startswith=request.GET["run"]))


def _create(request):
    Section.objects.create(name=request.GET["name"], slug=request.GET["name"])


def _page(request, names):
    visitor = request.user.get_username()
    return JsonResponse({"names": list(names.values_list("slug", flat=True)), "visitor": visitor})


urlpatterns = [
    path("read/", read),
    path("add/", add),
    path("add-and-read/", add_and_read),
    path("admin/read/", read),
    path("admin/", admin.site.urls),
]
