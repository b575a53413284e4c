"""axe-core finds nothing to object to, on any page, light and dark; and nothing is wider than a small phone."""

from pathlib import Path

import pytest

from .browser import log_in

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PUBLIC = ["/", "/archive/", "/search/", "/search/?q=replica", "/nope/", "/lab/"]
ADMIN = ["/admin/", "/admin/password_change/", "/admin/backoffice/"] + [
    f"/admin/backoffice/{model}/{page}" for model in ("story", "section", "author", "tag") for page in ("", "add/")
]


def violations(page):
    page.evaluate(AXE.read_text())  # a tag would be against the pages' Content-Security-Policy
    found = page.evaluate("axe.run().then(result => result.violations)")
    return [f"{each['id']}: {node['target']} {node['failureSummary']}" for each in found for node in each["nodes"]]


@pytest.fixture
def linked(new_page):
    """The first story, section and author that the front page links to."""
    page = new_page()
    page.goto("/")
    return [
        page.locator(f"main a[href^='/{kind}/']").first.get_attribute("href")
        for kind in ("stories", "sections", "authors")
    ]


def test_every_public_page(new_page, linked, scheme):
    page = new_page(color_scheme=scheme)
    found = {}
    for url in [*PUBLIC, *linked]:
        page.goto(url)
        if line := page.locator(".race-line summary").all():
            line[0].click()
        found[url] = violations(page)
    assert not [f"{url}: {each}" for url, objections in found.items() for each in objections]


def test_the_lab(new_page, scheme):
    page = new_page(color_scheme=scheme)
    log_in(page, "admin", "/lab/")
    page.wait_for_selector("#node-replica2.is-well, #node-replica2.is-late")
    assert violations(page) == []


def test_the_pages_of_the_newsroom(new_page, scheme):
    page = new_page(color_scheme=scheme)
    found = {}
    page.goto("/admin/login/")
    found["login"] = violations(page)
    log_in(page, "editor")
    page.goto("/admin/backoffice/story/")
    story = page.locator("#result_list th.field-headline a").first.get_attribute("href")
    for url in ADMIN + [story, story.replace("change", "delete"), story.replace("change", "history")]:
        page.goto(url)
        found[url] = violations(page)
    assert not [f"{url}: {each}" for url, objections in found.items() for each in objections]


def test_no_page_is_wider_than_a_small_phone(new_page, linked):
    page = new_page(viewport={"width": 360, "height": 740})
    for url in [*PUBLIC, *linked]:
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, url
    log_in(page, "admin", "/lab/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
