"""Nothing that a page does is against its own Content-Security-Policy, and no word makes a page wider."""

import pytest

from .browser import log_in
from .test_accessibility import ADMIN, PUBLIC

WIDE = "w" * 200


@pytest.fixture
def watched(new_page):
    """A page, and what its console says against the policy."""
    page, violations = new_page(), []
    page.on("console", lambda message: violations.append(message.text) if "Content Security" in message.text else None)
    return page, violations


def test_no_public_page_breaks_the_policy(watched):
    page, violations = watched
    page.goto("/")
    linked = [
        page.locator(f"main a[href^='/{kind}/']").first.get_attribute("href")
        for kind in ("stories", "sections", "authors")
    ]
    for url in [*PUBLIC, *linked]:
        page.goto(url, wait_until="networkidle")
    assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith("Newsreader")
    assert violations == []


def test_neither_the_lab_nor_the_newsroom_breaks_the_policy(watched):
    page, violations = watched
    log_in(page, "admin", "/lab/")
    page.wait_for_selector("#node-replica2.is-well, #node-replica2.is-late")
    for url in ADMIN:
        page.goto(url, wait_until="networkidle")
    page.goto("/admin/backoffice/story/")
    page.locator("#result_list th.field-headline a").first.click()
    page.get_by_role("link", name="Today").first.click()  # the calendar's shortcuts are made by script
    page.get_by_role("button", name="Preview").first.click()
    assert violations == []


def test_a_word_without_an_end_makes_no_page_wider(new_page):
    for width in (360, 1200):
        page = new_page(viewport={"width": width, "height": 800})
        for url in ("/", "/archive/", "/search/?q=replica"):
            page.goto(url)
            page.evaluate(
                "word => document.querySelectorAll('.headline a, .standfirst, .byline, .section-name a, nav li a')"
                ".forEach(each => { each.textContent = word })",
                WIDE,
            )
            assert page.evaluate("document.documentElement.scrollWidth") <= width, url
