"""A browser with a clean page for each journey, at one running newspaper."""

import pytest

from .browser import chromium
from .race_page import ADDRESS, SCREENS, is_allowed
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


@pytest.fixture
def open_page(browser):
    """A function that opens docs/race.html from the disk. No host is asked for anything, and no script complains."""
    contexts, trouble = [], []

    def opens(fragment="", size="laptop", **options):
        width, height = SCREENS[size]
        options = {"reduced_motion": "reduce", "viewport": {"width": width, "height": height}} | options
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: None if is_allowed(request.url) else trouble.append(request.url))
        page.goto(ADDRESS + fragment)
        page.wait_for_function("globalThis.race")
        return page

    yield opens
    for context in contexts:
        context.close()
    assert trouble == []
