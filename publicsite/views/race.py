"""The race, explained: docs/race.html, which needs no server. The demo serves it, too."""

from csp.decorators import csp_replace
from django.conf import settings
from django.http import Http404, HttpResponse

PAGE = settings.BASE_DIR / "docs" / "race.html"
# One file holds it all: its own script and style are in it.
_INLINE = dict.fromkeys(("script-src", "style-src"), ["'unsafe-inline'"])
_EMBEDDED = dict.fromkeys(("font-src", "img-src"), ["data:"])


@csp_replace({**_INLINE, **_EMBEDDED})
def race(request):
    if not (settings.DEMO and PAGE.exists()):
        raise Http404
    return HttpResponse(PAGE.read_bytes())
