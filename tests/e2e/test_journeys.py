"""What people do with the newspaper, in a browser."""

import re

from .browser import log_in, read_from


def test_a_reader_reads_the_paper_from_a_replica(page):
    page.goto("/")
    assert re.search(r"^replica[12]", read_from(page))
    headline = page.locator(".is-lead .headline a")
    title = headline.inner_text()
    headline.click()
    assert page.locator("h1").inner_text() == title
    assert re.search(r"replica[12] · .* · public path", read_from(page))
    page.get_by_role("link", name="Search").first.click()
    page.get_by_role("searchbox").fill("replica")
    page.keyboard.press("Enter")
    page.wait_for_selector(".in-list mark")
    assert page.context.cookies() == []


def test_the_line_opens_to_the_queries_of_the_page(page):
    page.goto("/archive/")
    assert not page.locator(".race-queries").is_visible()
    page.locator(".race-line summary").click()
    queries = int(re.search(r"(\d+) quer", read_from(page))[1])
    assert page.locator(".race-queries tbody tr").count() == queries
    assert re.fullmatch(r"replica[12]", page.locator(".race-queries td").first.inner_text())


def test_an_editor_sees_her_edit_on_the_site_though_every_replica_is_late(page, new_page):
    lab = new_page()
    log_in(lab, "admin", "/lab/")
    for name in ("replica1", "replica2"):
        pause = lab.locator(f"#node-{name} .pause")
        pause.click()
        lab.wait_for_selector(f"#node-{name} .pause[aria-pressed=true]")
    log_in(page, "editor")
    page.goto("/admin/backoffice/story/")
    page.locator("#result_list tr:has(.status.published) th a").first.click()
    headline = page.get_by_label("Headline")
    before = headline.input_value()
    headline.fill("Edited in a browser")
    page.get_by_role("button", name="Save and continue editing").first.click()
    try:
        page.goto(page.get_by_role("link", name="View on site").get_attribute("href"))
        assert page.locator("h1").inner_text() == "Edited in a browser"
        assert re.search(r"^default · .* · bookmark", read_from(page))
    finally:
        lab.goto("/")  # leaving the lab lets the replicas go
        page.goto("/admin/backoffice/story/")
        page.get_by_role("link", name="Edited in a browser").click()
        page.get_by_label("Headline").fill(before)
        page.get_by_role("button", name="Save", exact=True).first.click()
