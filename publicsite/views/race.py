"""The race, explained: docs/race.html, which needs no server. The demo serves it, too."""

from django.conf import settings
from django.http import FileResponse, Http404
from django.views.decorators.http import require_safe

PAGE = settings.BASE_DIR / "docs" / "race.html"


@require_safe
def race(request):
    if not (settings.DEMO and PAGE.exists()):
        raise Http404
    return FileResponse(PAGE.open("rb"), content_type="text/html; charset=utf-8")
