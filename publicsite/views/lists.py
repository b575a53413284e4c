"""Lists of stories: a section's, an author's, and all of them."""

from django.shortcuts import get_object_or_404, render

from backoffice.models import Author, Section, Story
from publicsite.keyset import page_of

from .front import in_list


def section(request, slug):
    section = get_object_or_404(Section, slug=slug)
    return _list(request, section.stories.published(), {"title": section.name, "here": section})


def author(request, slug):
    author = get_object_or_404(Author, slug=slug)
    return _list(request, author.stories.published(), {"title": author.name, "here": author, "author": author})


def archive(request):
    return _list(request, Story.objects.published(), {"title": "Archive"})


def _list(request, stories, context):
    page = page_of(in_list(stories), request.GET.get("before"))
    return render(request, "publicsite/list.html", {**context, "page": page})
