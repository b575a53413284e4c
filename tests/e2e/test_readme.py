"""The README's steps, as somebody new takes them: each shows what it says, and none ends before the race."""

import re

import pytest
from playwright.sync_api import expect

from .browser import log_in
from .stack import PROJECT

README_LATE = 8  # seconds, as the README has it


@pytest.fixture
def one_late_replica(new_page):
    """replica2 is late, until the test is over."""
    lab = new_page()
    log_in(lab, "admin", "/lab/")
    slider = lab.locator("#lag-replica2")
    slider.fill(str(README_LATE))
    slider.dispatch_event("change")
    expect(lab.locator("#node-replica2 output")).to_have_text(f"{README_LATE} s", timeout=30_000)
    lab.wait_for_timeout(1500)  # milliseconds; the save must come after the server has read its settings
    yield
    lab.goto("/")  # leaving the lab lets the replica go


def test_step_2_shows_new_and_old_in_a_private_window_and_only_new_to_the_editor(page, new_page, one_late_replica):
    log_in(page, "editor")
    page.goto("/admin/backoffice/story/")
    page.locator("#result_list tr:has(.status.published) th a").first.click()
    headline = page.get_by_label("Headline")
    before = headline.input_value()
    headline.fill("Seen by one replica")
    page.get_by_role("button", name="Save and continue editing").first.click()
    address = page.get_by_role("link", name="View on site").get_attribute("href")
    try:
        private = new_page()
        seen = []
        for _ in range(12):
            private.goto(address.partition("?")[0])
            seen.append(private.locator("h1").inner_text())
        page.goto(address)
        own = page.locator("h1").inner_text()
    finally:
        page.goto("/admin/backoffice/story/")
        page.get_by_role("link", name="Seen by one replica").click()
        page.get_by_label("Headline").fill(before)
        page.get_by_role("button", name="Save", exact=True).first.click()
    assert set(seen) == {"Seen by one replica", before}
    assert own == "Seen by one replica"


def test_step_3_leads_from_the_private_window_to_the_race(page):
    page.goto("/lab/")
    page.get_by_role("link", name="Log in as admin").click()
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("admin")
    page.get_by_role("button", name="Log in").click()
    page.wait_for_url("**/lab/")
    assert page.get_by_role("button", name="Run the race").is_visible()


def test_the_readme_names_the_same_lag():
    assert re.search(rf"make lag NODE=replica2 SECONDS={README_LATE}`", (PROJECT / "README.md").read_text())
