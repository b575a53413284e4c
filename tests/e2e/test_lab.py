"""The lab, as who teaches with it uses it."""

import pytest
from playwright.sync_api import expect

from .browser import log_in

ROUNDS = 3


@pytest.fixture
def lab(page):
    log_in(page, "admin", "/lab/")
    page.wait_for_selector("#node-replica2.is-well, #node-replica2.is-late")
    return page


def figures(lab, router):
    cells = lab.locator(f"#figures tr:has(th:text-is('{router}')) td").all_inner_texts()
    return dict(zip(("saved", "lost_logins", "not_found", "stale", "errors"), cells, strict=False))


def test_a_replica_made_five_seconds_late_shows_the_old_row_for_a_while(lab):
    lab.get_by_role("button", name="Save a row").click()
    expect(lab.locator("#node-replica2 .row")).to_contain_text("Saved", timeout=30_000)
    set_lag(lab, "replica2", 5)
    lab.wait_for_timeout(1500)  # milliseconds; the next save must come after the server has read its settings
    lab.get_by_role("button", name="Save a row").click()
    lab.wait_for_selector("#node-replica2 .row.is-old")
    lab.wait_for_selector("#node-replica1 .row:not(.is-old)")
    assert lab.locator("#node-replica2 output").inner_text() == "5 s"
    lab.wait_for_selector("#node-replica2 .row:not(.is-old)", timeout=15_000)


def race_is_over(lab):
    expect(lab.locator("#status")).to_have_text("The race is on.", timeout=30_000)
    expect(lab.locator("#status")).to_have_text("The race is over.", timeout=180_000)
    lab.wait_for_selector("#history svg")


def test_the_wrong_routers_lose_the_race_and_ours_does_not(lab):
    lab.get_by_label("Rounds of each").fill(str(ROUNDS))
    for name in ("replica1", "replica2"):
        set_lag(lab, name, 5)
    lab.get_by_role("button", name="Run the race").click()
    race_is_over(lab)
    for name in ("naive", "published"):
        wrong = figures(lab, name)
        assert wrong["saved"] == "6 of 6"
        assert wrong["lost_logins"] == "3 of 3"
        assert wrong["not_found"] != "0 of 6"
        assert wrong["stale"] != "0 of 6"
    ours = {"saved": "6 of 6", "lost_logins": "0 of 3", "not_found": "0 of 6", "stale": "0 of 6", "errors": "0"}
    assert figures(lab, "ours") == ours
    verdict = lab.locator("#verdict").inner_text()
    assert "naive lost 3 of 3 logins" in verdict
    assert verdict.endswith("ours lost nothing.")
    assert lab.locator("#figures .mark").count() == 3 * ROUNDS
    lab.goto("/archive/")
    assert "Race lab" not in lab.content()


def test_bars_are_shares_and_compare_wherever_they_stand(lab):
    widths = lab.evaluate(
        """async () => {
            const { figures } = await import("/static/racelab/chart.js");
            const row = figures("x", "x", { rounds: 10, lost_logins: 3, news: 20, not_found: 4, looks: 0, stale: 0 });
            const width = (cell) => cell.querySelector(".part")?.getAttribute("width") ?? cell.textContent;
            return [...row.cells].slice(2, 5).map(width);
        }"""
    )
    assert widths == ["30", "20", "–"]  # 3 of 10 is longer than 4 of 20, and of nothing there is no share


def test_a_lecture_needs_no_scrolling(new_page):
    """Controls, nodes, result and the failed round on one screen of 1920×1080, with five routers."""
    lab = new_page(viewport={"width": 1920, "height": 1080})
    log_in(lab, "admin", "/lab/")
    for name in ("pinned", "waiting"):
        lab.locator(f"input[value={name}]").check()
    lab.get_by_label("Rounds of each").fill("1")
    lab.get_by_role("button", name="Both half a second").click()
    race_is_over(lab)
    for place in ("#nodes", "#race", "#verdict", "#figures", "#history svg"):
        box = lab.locator(place).bounding_box()
        assert box["y"] + box["height"] <= 1080, place


def test_a_link_brings_a_race_with_its_figures_back(lab):
    lab.get_by_label("Rounds of each").fill("1")
    lab.get_by_role("button", name="Both half a second").click()
    race_is_over(lab)
    shown = lab.locator("#figures").inner_text()
    link = lab.get_by_role("link", name="Link to this very race").get_attribute("href")
    lab.get_by_role("button", name="One replica 1 s late").click()
    race_is_over(lab)
    lab.goto(link)
    lab.wait_for_selector("#history svg")
    assert lab.locator("#figures").inner_text() == shown
    lab.get_by_role("link", name="Link to this round").click()
    lab.wait_for_selector("h1:text('The first round that went wrong')")
    assert lab.locator(".round li.is-bad").count() > 0


def test_on_a_phone_nothing_is_cut(new_page):
    lab = new_page(viewport={"width": 390, "height": 844})
    log_in(lab, "admin", "/lab/")
    lab.wait_for_selector("#node-replica2.is-well, #node-replica2.is-late")
    lab.get_by_label("Rounds of each").fill("1")
    lab.get_by_role("button", name="Both half a second").click()
    race_is_over(lab)
    assert lab.evaluate("document.documentElement.scrollWidth") <= 390
    for cell in lab.locator("#figures td, #figures th").all():
        box = cell.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390


def test_the_tour_has_six_stops_and_races(new_page):
    lab = new_page(viewport={"width": 1920, "height": 1080})
    log_in(lab, "admin", "/lab/?tour=1")
    for number in range(1, 7):
        lab.wait_for_selector(f".tour p:text('{number} of 6.')")
        if number == 3:
            lab.wait_for_selector("#node-replica2 .row.is-old")
        if number == 4:
            race_is_over(lab)
        lab.locator(".tour").get_by_role("button", name="Done" if number == 6 else "Next").click()
    assert lab.locator(".tour").count() == 0
    assert lab.locator("#node-replica2 output").inner_text() == "0 s"


def set_lag(lab, name, seconds):
    slider = lab.locator(f"#lag-{name}")
    slider.fill(str(seconds))
    slider.dispatch_event("change")


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
    assert page.evaluate("document.activeElement.textContent") == "Break it: primary"
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
