"""A story."""

from django.shortcuts import get_object_or_404, render

from backoffice.models import Story

from .front import in_list

MORE = 4


def story(request, slug):
    stories = Story.objects.published().select_related("section", "author").prefetch_related("tags", "corrections")
    story = get_object_or_404(stories.defer("search", "body"), slug=slug)
    more = in_list(Story.objects.published().filter(section=story.section).exclude(pk=story.pk))[:MORE]
    return render(request, "publicsite/story.html", {"story": story, "more": more})
