"""The answer 503 when no database can serve a page. The root URLconf's `handler503` may say what it looks like."""

from django.http import HttpRequest, HttpResponse
from django.urls import get_callable, get_resolver

RETRY_AFTER = 5  # seconds


class Unavailable(Exception):
    """No database can serve this request. The message says why, for people."""


def unavailable(request: HttpRequest, error: Unavailable) -> HttpResponse:
    """Return the response: what `handler503(request, exception)` makes, else plain text. With Retry-After."""
    handler = getattr(get_resolver().urlconf_module, "handler503", None)
    text = f"503 Service Unavailable\n\n{error}\n"
    response: HttpResponse = (
        get_callable(handler)(request, exception=error) if handler else HttpResponse(text, content_type="text/plain")
    )
    response.status_code = 503
    response.headers["Retry-After"] = str(RETRY_AFTER)
    response.headers["Cache-Control"] = "no-store"
    return response
