"""Requests at once, in threads and in coroutines: each has its own route, and leaves nothing behind. No SQL runs."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.http import HttpResponse, StreamingHttpResponse
from django.test import AsyncClient, Client
from django.urls import include, path

from tests.support.async_urls import AT_ONCE
from tests.support.routing_urls import where

REPLICAS = {"replica1", "replica2"}
pytestmark = pytest.mark.urls(__name__)
reached = {}


@pytest.fixture(autouse=True)
def _async_middleware(settings):
    """Middleware that is sync only makes requests of an async test client wait for each other. The lab's is."""
    settings.MIDDLEWARE = [each for each in settings.MIDDLEWARE if not each.startswith("racelab")]


async def view(request):
    return HttpResponse(await sync_to_async(where)())


async def waits(request, name):
    """Say that it is here, wait until `until` is there, too, and only then ask."""
    reached[name].set()
    await asyncio.wait_for(reached[request.GET["until"]].wait(), 20)
    return await view(request)


async def fails(request):
    raise KeyError


async def streams(request):
    async def lines():
        for _ in range(3):
            yield await sync_to_async(where)()

    return StreamingHttpResponse(lines())


urlpatterns = [
    path("admin/waits/<name>/", waits),
    path("admin/view/", view),
    path("waits/<name>/", waits),
    path("view/", view),
    path("fails/", fails),
    path("streams/", streams),
    path("", include("tests.support.async_urls")),
]


@async_to_sync
async def get(*urls):
    """Ask for all pages at once."""
    reached.clear()
    reached.update({name: asyncio.Event() for name in "ab"})
    responses = await asyncio.gather(*map(AsyncClient().get, urls))
    return [response.content.decode() for response in responses]


def test_the_rules_hold_in_async_views():
    (page,) = get("/view/")
    assert page in REPLICAS
    assert get("/admin/view/") == ["default"]
    assert where() == "default"


@pytest.mark.parametrize(
    "order", ["/admin/waits/a/?until=b /waits/b/?until=a", "/waits/b/?until=a /admin/waits/a/?until=b"]
)
def test_coroutines_that_share_a_thread_do_not_share_a_route(order):
    """So it is with an async test client; a server gives each request a thread of its own."""
    pages = dict(zip(order.split(), get(*order.split()), strict=True))
    assert pages["/admin/waits/a/?until=b"] == "default"
    assert where() == "default"


def test_threads_do_not_share_a_route():
    paths = ["/sync/?meet", "/admin/sync/?meet"] * (AT_ONCE // 2)
    with ThreadPoolExecutor(len(paths)) as pool:
        for _ in range(10):
            for url, (before, after) in zip(paths, pool.map(lambda url: Client().get(url).json(), paths), strict=True):
                assert before == after
                assert (before == "default") == url.startswith("/admin")
        assert {*pool.map(lambda _: where(), range(20))} == {"default"}


def test_an_exception_in_an_async_view_leaves_no_request_behind():
    with pytest.raises(KeyError):
        get("/fails/")
    assert where() == "default"


@pytest.mark.parametrize("length", [0, 1, 3])
def test_an_async_stream_reads_from_one_replica_and_leaves_no_request_behind(length):
    @async_to_sync
    async def read():
        response = await AsyncClient().get("/streams/")
        lines = aiter(response)
        parts = [await anext(lines) for _ in range(length)]
        await sync_to_async(response.close)()
        return parts

    parts = {part.decode() for part in read()}
    assert len(parts) == min(length, 1)
    assert parts <= REPLICAS
    assert where() == "default"
