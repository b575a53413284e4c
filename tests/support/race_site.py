"""The site of the race's cases: an admin, and a public page that looks who is there, as those of most sites do."""

from django.contrib import admin
from django.contrib.admin.views.decorators import staff_member_required
from django.http import Http404, HttpResponse, JsonResponse
from django.urls import path

from backoffice.models import Author, Section, Story


def page(request, slug):
    """The story's headline, and where it was read. Four queries: session, user, story, author."""
    who = request.user.is_authenticated
    try:
        story = Story.objects.get(slug=slug)
    except Story.DoesNotExist as error:
        raise Http404 from error
    story.author.name  # noqa: B018  (the query is the point)
    return JsonResponse({"headline": story.headline, "alias": story._state.db, "logged_in": who})


@staff_member_required
def form(request, slug):
    return page(request, slug)


@staff_member_required
def save(request, slug):
    """Save a headline. A slug that is new is a new story, by a new author."""
    headline = request.POST["headline"]
    if slug == "new":
        author = Author.objects.create(name="A newcomer", slug="newcomer")
        section = Section.objects.using("default").first()
        Story.objects.create(slug=slug, headline=headline, section=section, author=author, status="published")
    else:
        Story.objects.filter(slug=slug).update(headline=headline)
    return HttpResponse("saved")


urlpatterns = [
    path("admin/stories/<slug:slug>/", form),
    path("admin/stories/<slug:slug>/save/", save),
    path("admin/", admin.site.urls),
    path("stories/<slug:slug>/", page),
]
