"""The lab, as who teaches with it uses it."""

import re

import pytest

from .browser import log_in

ROUNDS = 3


@pytest.fixture
def lab(page):
    log_in(page, "admin", "/lab/")
    page.wait_for_selector("#node-replica2.is-well, #node-replica2.is-late")
    return page


def figures(lab, router):
    cells = lab.locator(f"#figures tr:has(th:text-is('{router}')) td").all_inner_texts()
    names = ("rounds", "pages", "stale", "not_found", "lost_logins", "errors")
    return dict(zip(names, map(int, cells[: len(names)]), strict=True))


def test_a_replica_made_five_seconds_late_shows_the_old_row_for_a_while(lab):
    lab.get_by_role("button", name="Save a row").click()
    lab.wait_for_function("document.querySelector('#node-replica2 .row').textContent.startsWith('Saved')")
    slider = lab.get_by_label("Replay late by").last
    slider.fill("5")
    slider.dispatch_event("change")
    lab.wait_for_timeout(1500)  # milliseconds; the next save must come after the server has read its settings
    lab.get_by_role("button", name="Save a row").click()
    lab.wait_for_selector("#node-replica2 .row.is-old")
    lab.wait_for_selector("#node-replica1 .row:not(.is-old)")
    assert lab.locator("#node-replica2 output").inner_text() == "5 s"
    lab.wait_for_selector("#node-replica2 .row:not(.is-old)", timeout=15_000)


def test_the_wrong_routers_lose_the_race_and_ours_does_not(lab):
    lab.get_by_label("Rounds of each").fill(str(ROUNDS))
    lab.get_by_label("replica1, seconds late").fill("5")
    lab.get_by_label("replica2, seconds late").fill("5")
    lab.get_by_role("button", name="Run the race").click()
    lab.wait_for_function("document.getElementById('status').textContent === 'The race is on.'")
    lab.wait_for_function("document.getElementById('status').textContent === 'The race is over.'", timeout=180_000)
    naive, published, ours = (figures(lab, name) for name in ("naive", "published", "ours"))
    for wrong in (naive, published):
        assert wrong["rounds"] == ROUNDS
        assert wrong["stale"] + wrong["not_found"] + wrong["lost_logins"] > 0
    assert published["stale"] + published["not_found"] > 0
    assert published["lost_logins"] > 0
    assert ours == {"rounds": 3, "pages": 6, "stale": 0, "not_found": 0, "lost_logins": 0, "errors": 0}
    again = lab.get_by_role("link", name="Link to this very race").get_attribute("href")
    assert re.search(r"\?router=naive&router=published&router=ours&n=3&replica1=5&replica2=5$", again)
    assert "ours 0" in lab.locator("#chart svg").first.get_attribute("aria-label")
    lab.goto("/archive/")
    assert "Race lab" not in lab.content()


def test_everything_is_done_with_the_keyboard_alone(new_page):
    page = new_page()
    page.goto("/lab/")
    keys(page, "Log in as admin", "Enter")
    page.wait_for_url("**/admin/login/**")
    page.keyboard.type("admin")  # the field has the focus
    page.keyboard.press("Tab")
    page.keyboard.type("admin")
    page.keyboard.press("Enter")
    page.wait_for_url("**/lab/")
    page.wait_for_selector("#node-replica1.is-well, #node-replica1.is-late")
    keys(page, "Save a row", "Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "lag-replica1"
    page.keyboard.press("ArrowRight")
    assert page.locator("#node-replica1 output").inner_text() == "0.5 s"
    keys(page, "Pause replay on replica1", "Space")
    page.wait_for_selector("#node-replica1 .pause[aria-pressed=true]")
    page.keyboard.press("Space")
    page.wait_for_selector("#node-replica1 .pause[aria-pressed=false]")
    page.goto("/")
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    page.keyboard.press("Enter")
    assert page.locator(".race-queries").is_visible()


def keys(page, name, key):
    """Go with Tab to what has the text `name`, and press `key`."""
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent.trim()") == name:
            return page.keyboard.press(key)
    raise AssertionError(f"The keyboard does not get to {name!r}.")
