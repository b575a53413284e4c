"""A story as readers will see it, before they can."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render

from backoffice.models import Story


def preview(request, pk, model_admin):
    """Render a story, in whichever status, with the public site's template."""
    story = get_object_or_404(Story.objects.select_related("section", "author"), pk=pk)
    if not model_admin.has_view_permission(request, story):
        raise PermissionDenied
    response = render(request, "publicsite/story.html", {"story": story, "preview": True})
    response["X-Robots-Tag"] = "noindex"
    return response
