"""Pages that end badly, for the search for routes that outlive their request."""

from asgiref.sync import sync_to_async
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

from tests.support.routing_urls import where


def page(request):
    return HttpResponse(where())


def fails(request):
    raise KeyError(where())


def streams(request):
    return StreamingHttpResponse(where() for _ in range(3))


def stream_fails(request):
    def rows():
        yield where()
        raise KeyError

    return StreamingHttpResponse(rows())


async def asynchronous(request):
    return HttpResponse(await sync_to_async(where)())


async def asynchronous_fails(request):
    raise KeyError(await sync_to_async(where)())


def may_fail(get_response):
    """A middleware that fails before or after the view."""

    def call(request):
        if request.path_info.startswith("/middleware-fails-before/"):
            raise KeyError
        response = get_response(request)
        if request.path_info.startswith("/middleware-fails-after/"):
            raise KeyError
        return response

    return call


VIEWS = {
    "page": page,
    "fails": fails,
    "streams": streams,
    "stream-fails": stream_fails,
    "asynchronous": asynchronous,
    "asynchronous-fails": asynchronous_fails,
    "middleware-fails-before": page,
    "middleware-fails-after": page,
}
urlpatterns = [path(f"{prefix}{name}/", view) for name, view in VIEWS.items() for prefix in ("", "admin/")]
