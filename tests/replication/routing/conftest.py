"""Fixtures for the tests of routing on real replicas."""

import pytest
from django.db import ConnectionRouter, router

from tests.support.factories import StoryFactory


@pytest.fixture(params=["ours", "published"])
def each_router(request, monkeypatch, settings):
    """Run a test twice: with PathRouter, and with the published router, which has no guards and must fail it."""
    if request.param == "published":
        use_published_router(monkeypatch)
        settings.ROUTING = settings.ROUTING | {"PUBLIC_WRITES": "allow", "STALE_SAVES": "allow"}
    return request.param


def use_published_router(monkeypatch):
    monkeypatch.setattr(
        router, "routers", ConnectionRouter(["tests.support.published_router.PublishedRouter"]).routers
    )


@pytest.fixture
def story():
    return StoryFactory(headline="First edition", status="published")
