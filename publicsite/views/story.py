"""A story."""

from django.shortcuts import get_object_or_404, render
from django.utils.http import http_date

from backoffice.models import Story
from publicsite.caching import revalidate

from .front import in_list

MORE = 4


@revalidate
def story(request, slug):
    stories = Story.objects.published().select_related("section", "author").prefetch_related("tags", "corrections")
    story = get_object_or_404(stories.defer("search", "body"), slug=slug)
    more = in_list(Story.objects.published().filter(section=story.section).exclude(pk=story.pk))[:MORE]
    response = render(request, "publicsite/story.html", {"story": story, "more": more})
    response.headers["Last-Modified"] = http_date(story.updated_at.timestamp())
    return response
