"""Requests that no page of this site needs are refused before anything looks at them."""

import codecs

from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpResponseNotAllowed
from django.utils.deprecation import MiddlewareMixin
from django.utils.http import parse_header_parameters

from publicsite.views.errors import bad_request

CHARSETS = {"utf-8", "ascii", "iso8859-1"}  # as codecs.lookup names them
UNREADABLE = "application/x-unreadable"


class StrictMiddleware(MiddlewareMixin):
    """Stands above whatever reads a form."""

    def process_request(self, request):
        if request.method not in settings.ALLOWED_METHODS:
            return HttpResponseNotAllowed(settings.ALLOWED_METHODS)
        return bad_request(request) if request.content_type == UNREADABLE else None

    def process_exception(self, request, exception):
        """Django's admin refuses a wrong `_to_field`, but for an empty one."""
        if isinstance(exception, FieldDoesNotExist) and "_to_field" in {**request.GET, **request.POST}:
            return bad_request(request)
        return None

    def process_response(self, request, response):
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


def readable(content_type):
    """Return a Content-Type header, or UNREADABLE if Django could make no request of it, or not of every one.

    A browser sends forms in the page's own encoding, which is UTF-8. Django believes in any charset that Python has,
    and `rot13`, `punycode` or `undefined` break it when it makes the request, before there is any middleware.
    """
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
        return content_type if codecs.lookup(charset).name in CHARSETS else UNREADABLE
    except (LookupError, ValueError):  # ValueError: a NUL in it, or RFC 2231's `charset*=` in a wrong encoding
        return UNREADABLE


def username(request, credentials):
    """Return the name that failed logins are counted under: AXES_USERNAME_CALLABLE. Django's form takes any length."""
    return str((credentials or request.POST).get("username") or "")[:255]
