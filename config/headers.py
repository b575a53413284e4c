"""The 503 page has the headers of all other pages.

Routing answers for a database that failed from above all other middleware, so its page passes through none of them.
"""

from django.conf import settings
from django.utils.module_loading import import_string

from publicsite.views import errors


def unavailable(request, exception):
    """Return the 503 page, with what HEADER_MIDDLEWARE adds."""

    def respond(request):
        return errors.unavailable(request, exception)

    for path in reversed(settings.HEADER_MIDDLEWARE):
        respond = import_string(path)(respond)
    return respond(request)
