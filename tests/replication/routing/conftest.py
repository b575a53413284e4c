"""Fixtures for the tests of routing on real replicas."""

import pytest
from django.db import ConnectionRouter, router

from tests.factories import StoryFactory


@pytest.fixture(params=["ours", "published"])
def each_router(request, monkeypatch):
    """Run a test twice: with PathRouter, and with the published router, which must fail it."""
    if request.param == "published":
        use_published_router(monkeypatch)
    return request.param


def use_published_router(monkeypatch):
    monkeypatch.setattr(router, "routers", ConnectionRouter(["tests.published_router.PublishedRouter"]).routers)


@pytest.fixture
def story():
    return StoryFactory(headline="First edition", status="published")
