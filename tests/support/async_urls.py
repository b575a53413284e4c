"""Sync and async views for the tests under ASGI: each says which database its rows came from."""

import asyncio
import threading

from asgiref.sync import sync_to_async
from django.contrib import admin
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from backoffice.models import Section
from routing import primary, replica
from tests.support.routing_urls import where

AT_ONCE = 4  # of each kind
in_coroutines = asyncio.Barrier(AT_ONCE)
in_threads = threading.Barrier(AT_ONCE)


async def source():
    """The database that a row comes from, read as a coroutine reads."""
    return (await Section.objects.order_by("pk").afirst())._state.db


@csrf_exempt
def sync_view(request):
    if "meet" in request.GET:
        before = where()
        in_threads.wait(20)
        return JsonResponse([before, where()], safe=False)
    return HttpResponse(where())


@csrf_exempt
async def async_view(request):
    if "meet" in request.GET:
        before = await source()
        await asyncio.wait_for(in_coroutines.wait(), 20)
        return JsonResponse([before, await source()], safe=False)
    return HttpResponse(await source())


async def ways(request):
    """What a coroutine can ask, and where it leads."""
    found = {
        "afirst": await source(),
        "async for": [row async for row in Section.objects.order_by("pk")][0]._state.db,
        "aiterator": [row async for row in Section.objects.order_by("pk").aiterator()][0]._state.db,
        "sync_to_async": await sync_to_async(where)(),
        "gather": (await asyncio.gather(source(), source()))[1],
        "in the coroutine itself": where(),
        "in a thread of its own": await sync_to_async(where, thread_sensitive=False)(),
    }
    with primary():
        found["primary()"] = await source()
    with replica():
        found["replica()"] = await source()
    return JsonResponse(found)


@csrf_exempt
async def write(request):
    await Section.objects.acreate(name=request.POST["name"], slug=request.POST["name"])
    return HttpResponse(await source())


async def write_on_a_readers_page(request):
    await Section.objects.acreate(name="forbidden", slug="forbidden")


async def names(request):
    rows = [row async for row in Section.objects.order_by("pk")]
    return JsonResponse({"names": [row.name for row in rows], "alias": rows[0]._state.db})


async def async_stream(request):
    async def lines():
        for _ in range(3):
            yield f"{await source()}\n"

    return StreamingHttpResponse(lines())


def sync_stream(request):
    return StreamingHttpResponse(f"{Section.objects.first()._state.db}\n" for _ in range(3))


async def fails(request):
    raise KeyError


urlpatterns = [
    path("sync/", sync_view),
    path("async/", async_view),
    path("admin/sync/", sync_view),
    path("admin/async/", async_view),
    path("ways/", ways),
    path("write/", write),
    path("forbidden/", write_on_a_readers_page),
    path("names/", names),
    path("stream/sync/", sync_stream),
    path("stream/async/", async_stream),
    path("fails/", fails),
    path("admin/", admin.site.urls),
]
