"""Streams that are aborted, exceptions, threads and async views: no route leaks into what the thread does next.

The middleware of the package that keeps the request, used as it comes, does leak.
"""

import asyncio
import logging
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.handlers.asgi import ASGIHandler
from django.core.handlers.wsgi import WSGIHandler
from django.db import ConnectionRouter, router
from django.test import AsyncRequestFactory, RequestFactory

from routing.request import current_request
from tests.support.routing_urls import where

from .leak_urls import VIEWS

pytestmark = pytest.mark.urls("tests.guarantees.leak_urls")
THREADS = 4
OURS = "routing.middleware.RoutingMiddleware"
PACKAGE = "django_middleware_global_request.middleware.GlobalRequestMiddleware"
MAY_FAIL = "tests.guarantees.leak_urls.may_fail"


@pytest.fixture(autouse=True)
def _quiet(monkeypatch):
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)


def visit(serve, wrong):
    """Do what a server does for one request, whose visitor may go away early, and look at what is left of it."""
    name, prefix = random.choice([*VIEWS]), random.choice(["/", "/admin/"])
    response = serve(RequestFactory()._base_environ(PATH_INFO=f"{prefix}{name}/"), lambda status, headers: None)
    chunks = iter(response)
    try:
        for _ in range(random.randint(0, 4)):
            check(next(chunks).decode(), prefix, wrong)
    except (StopIteration, KeyError):
        pass
    finally:
        response.close()
    wrong["route left behind"] += current_request() is not None or where() != "default"


def check(answer, prefix, wrong):
    """A page says where it was read; an error page says nothing of it."""
    expected = "replica" if prefix == "/" else "default"
    wrong["page from the wrong place"] += len(answer) < 10 and not answer.startswith(expected)


@pytest.mark.parametrize("middleware", [OURS, PACKAGE], ids=["ours", "package"])
def test_no_route_outlives_its_request_in_a_thread(middleware, settings, monkeypatch, size, report):
    settings.MIDDLEWARE = [middleware, MAY_FAIL]
    settings.ROUTING = settings.ROUTING | {"PRIMARY_PATHS": ["/admin"]}
    if middleware is PACKAGE:
        published = ConnectionRouter(["tests.support.published_router.PublishedRouter"])
        monkeypatch.setattr(router, "routers", published.routers)
    serve = WSGIHandler()
    requests = size(2000, 100_000) if middleware is OURS else size(200, 10_000)

    def visits(number):
        wrong = Counter()
        for _ in range(number):
            visit(serve, wrong)
        return wrong

    with ThreadPoolExecutor(THREADS) as pool:
        wrong = sum(pool.map(visits, THREADS * [requests // THREADS]), Counter())
    middleware = middleware.rpartition(".")[2]
    left, misplaced = wrong["route left behind"], wrong["page from the wrong place"]
    report("Routes that leak", middleware=middleware, requests=requests, left_behind=left, misplaced_pages=misplaced)
    assert bool(left) == (middleware not in OURS)
    assert misplaced == 0


async def visit_async(serve, wrong):
    name, prefix = random.choice([each for each in VIEWS if "stream" not in each]), random.choice(["/", "/admin/"])
    scope = AsyncRequestFactory()._base_scope(path=f"{prefix}{name}/")
    goes_away = random.random() < 0.2
    asked = False

    async def receive():
        nonlocal asked
        if asked and not goes_away:
            await asyncio.Event().wait()
        if asked:
            return {"type": "http.disconnect"}
        asked = True
        return {"type": "http.request", "body": b""}

    async def send(event):
        if event["type"] == "http.response.body":
            check(event["body"].decode(), prefix, wrong)

    await serve(scope, receive, send)


async def visits_async(requests, wrong):
    serve = ASGIHandler()
    for _ in range(requests // 20):
        await asyncio.gather(*(visit_async(serve, wrong) for _ in range(20)))


def test_concurrent_requests_under_asgi_do_not_see_each_other(settings, size, report):
    settings.MIDDLEWARE = [OURS, MAY_FAIL]
    settings.ROUTING = settings.ROUTING | {"PRIMARY_PATHS": ["/admin"]}
    requests = size(400, 20_000)
    wrong = Counter()
    asyncio.run(visits_async(requests, wrong))
    assert current_request() is None
    misplaced = wrong["page from the wrong place"]
    report("Routes that leak", middleware="ASGI", requests=requests, left_behind=0, misplaced_pages=misplaced)
    assert misplaced == 0
