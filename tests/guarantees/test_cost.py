"""A reader who wrote nothing: no cookie, nothing on the primary, no statement and no time beyond the page's own."""

from statistics import median, quantiles
from time import thread_time

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import ConnectionRouter, connections, router
from django.test import Client, RequestFactory

from routing.pytest_plugin import assert_queries
from tests.support.factories import SectionFactory, StoryFactory

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])


@pytest.fixture
def page(settings, wait_until_replayed):
    """The address of a story; what explains pages is off."""
    settings.ROUTING = settings.ROUTING | {"EXPLAIN": False}
    section = SectionFactory()
    story, *_ = StoryFactory.create_batch(5, section=section)
    wait_until_replayed()
    for alias in connections:
        connections[alias].execute_wrappers.clear()
        connections[alias].close()
    return story.get_absolute_url()


def seconds(serve, page):
    """What one page costs this thread: neither other processes nor the servers' own work count."""
    environ = RequestFactory()._base_environ(PATH_INFO=page)
    start = thread_time()
    response = serve(environ, lambda status, headers: None)
    body = b"".join(response)
    response.close()
    assert b"<h1>" in body
    return thread_time() - start


def test_a_reader_costs_what_a_plain_router_costs(page, settings, monkeypatch, size, report):
    with assert_queries(replicas=5):
        response = Client().get(page)
    assert not response.cookies

    routers = {"ours": router.routers, "plain": ConnectionRouter(["tests.support.naive_router.NaiveRouter"]).routers}
    sites = {"ours": WSGIHandler()}
    settings.MIDDLEWARE = settings.MIDDLEWARE[1:]
    sites["plain"] = WSGIHandler()
    monkeypatch.setattr(router, "routers", routers["plain"])
    with assert_queries(replicas=5):
        Client().get(page)

    spent = {"ours": [], "plain": []}
    for number in range(size(100, 5000)):
        for name in sorted(sites, reverse=number % 2):
            router.routers = routers[name]
            spent[name].append(seconds(sites[name], page))
    ratios = [ours / plain for ours, plain in zip(spent["ours"], spent["plain"], strict=True)]
    low, middle, high = quantiles(ratios)
    report(
        "An anonymous reader's page, milliseconds of CPU",
        pages=len(ratios),
        ours=f"{1000 * median(spent['ours']):.2f}",
        plain_router=f"{1000 * median(spent['plain']):.2f}",
        ratio=f"{middle:.3f}",
        half_of_them=f"{low:.3f} to {high:.3f}",
    )
    assert middle < 1.25
