"""A browser with a clean page for each journey, at one running newspaper."""

import pytest

from .browser import chromium
from .stack import running_stack


@pytest.fixture(scope="session")
def site():
    with running_stack() as address:
        yield address


@pytest.fixture(scope="session")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(params=["light", "dark"])
def scheme(request):
    return request.param


@pytest.fixture
def new_page(browser, site):
    """A function that opens a page of a browser of its own. What the page's scripts complain of fails the test."""
    contexts, errors = [], []

    def open_page(**options):
        context = browser.new_context(base_url=site, **{"reduced_motion": "reduce", **options})
        context.set_default_timeout(30_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield open_page
    for context in contexts:
        context.close()
    assert errors == []


@pytest.fixture
def page(new_page):
    return new_page()
