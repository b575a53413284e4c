"""Views for the tests of routing: each says which database its reads went to."""

from django.contrib import admin
from django.contrib.auth import get_user_model, logout
from django.db import transaction
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path

from backoffice.models import Section
from routing import primary, replica


def where():
    """The alias that a read of an ordinary model goes to, here and now."""
    return Section.objects.all().db


def plain(request, **kwargs):
    return HttpResponse(where())


def many(request):
    return JsonResponse([where() for _ in range(20)], safe=False)


def pinned(request):
    return JsonResponse([get_user_model().objects.all().db, where()], safe=False)


def atomic(request):
    with transaction.atomic():
        inside = where()
    return JsonResponse([inside, where()], safe=False)


def overridden(request):
    with primary():
        outer = where()
        with replica():
            inner = where()
        again = where()
    return JsonResponse([outer, inner, again, where()], safe=False)


def raises_inside_override(request):
    try:
        with primary():
            raise ValueError
    except ValueError:
        return HttpResponse(where())


def fails(request):
    raise KeyError


def streams(request):
    return StreamingHttpResponse(where() + "\n" for _ in range(3))


def reads(request):
    list(Section.objects.all())
    return HttpResponse(str(request.user.is_authenticated))


def leaves(request):
    logout(request)
    return HttpResponse("bye")


def write(request):
    """Add a section (POST), and say where it is read from."""
    Section.objects.create(name=request.POST["name"], slug=request.POST["name"])
    return HttpResponse(where())


def names(request):
    """The names of all sections, and where they were read from."""
    sections = Section.objects.order_by("name")
    return JsonResponse({"names": [section.name for section in sections], "alias": sections.db})


urlpatterns = [
    path("admin/", admin.site.urls),
    path("administration-guide/", plain),
    path("plain/", plain),
    path("many/", many),
    path("pinned/", pinned),
    path("atomic/", atomic),
    path("overridden/", overridden),
    path("raises/", raises_inside_override),
    path("fails/", fails),
    path("streams/", streams),
    path("reads/", reads),
    path("leave/", leaves),
    path("write/", write),
    path("names/", names),
]
