"""axe-core finds nothing to object to, on any page, light and dark; and nothing is wider than a small phone."""

from pathlib import Path

import pytest

from .browser import log_in

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
PUBLIC = ["/", "/archive/", "/search/", "/search/?q=replica", "/nope/", "/lab/"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]


def violations(page, context="document", tags=None):
    page.add_script_tag(path=AXE)
    options = {"runOnly": tags} if tags else {}
    found = page.evaluate(f"options => axe.run({context}, options).then(result => result.violations)", options)
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
    assert {url: objections for url, objections in found.items() if objections} == {}


def test_the_lab(new_page, scheme):
    page = new_page(color_scheme=scheme)
    log_in(page, "admin", "/lab/")
    page.wait_for_selector("#node-replica2.is-well, #node-replica2.is-late")
    assert violations(page) == []


def test_the_pages_of_the_newsroom(new_page, scheme):
    """By the rules of WCAG, and without Select2, which Django brings and does not name."""
    page = new_page(color_scheme=scheme)
    found = {}
    page.goto("/admin/login/")
    found["login"] = violations(page, tags=WCAG)
    log_in(page, "editor")
    for url in ("/admin/", "/admin/backoffice/story/", "/admin/backoffice/story/add/"):
        page.goto(url)
        found[url] = violations(page, "{exclude: ['.select2']}", WCAG)
    assert {url: objections for url, objections in found.items() if objections} == {}


def test_no_page_is_wider_than_a_small_phone(new_page, linked):
    page = new_page(viewport={"width": 360, "height": 740})
    for url in [*PUBLIC, *linked]:
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, url
    log_in(page, "admin", "/lab/")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
