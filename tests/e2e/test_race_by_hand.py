"""docs/race.html, by hand: save, reload, scrub, link; by keyboard alone, without motion, and for those who listen."""

import re

import pytest

from .race_page import ADDRESS, STEPS, part, press, tally

NAME = "document.activeElement.getAttribute('aria-label') || document.activeElement.innerText"


def test_a_picture_plays_by_itself_when_it_comes_into_view_and_stops_at_its_end(open_page):
    page = open_page(reduced_motion="no-preference")
    assert part(page, "the-race", "time").inner_text() == "0.00 s"
    part(page, "the-race", "lanes").scroll_into_view_if_needed()
    page.wait_for_function("race.stages.get('the-race').isPlaying")
    assert part(page, "the-race", "play").inner_text() == "Pause"
    page.wait_for_function("!race.stages.get('the-race').isPlaying")
    assert "1 stale" in tally(page, "the-race")
    assert part(page, "the-race", "play").inner_text() == "Play"


def test_nothing_moves_for_who_wants_no_motion(open_page):
    page = open_page()
    for step in STEPS:
        part(page, step, "lanes").scroll_into_view_if_needed()
    assert not page.evaluate("[...race.stages.values()].some((stage) => stage.isPlaying)")
    press(page, "the-race", "Save a new headline")
    assert not page.evaluate("race.stages.get('the-race').isPlaying")


def test_the_reader_saves_and_reloads_by_hand(open_page):
    page = open_page()
    step = "the-bookmark"
    press(page, step, "Clear")
    press(page, step, "Save a new headline")
    assert "Saved" in part(page, step, "browser").inner_text()
    assert "replica2 replays it in" in part(page, step, "where").inner_text()
    press(page, step, "Reload the page")
    shown = part(page, step, "browser").inner_text()
    assert "Rain tomorrow" in shown
    assert "rule 9, bookmark" in shown
    press(page, step, "Be a reader")
    assert "rule 10, public path" in part(page, step, "browser").inner_text()
    assert "Sunshine" in part(page, step, "browser").inner_text()
    page.locator(f"[data-step={step}] input[value=naive]").check(force=True)
    assert "stale" in part(page, step, "log").inner_text()


def test_a_click_in_the_past_throws_away_what_came_after_it(open_page):
    page = open_page()
    step = "the-race"
    part(page, step, "scrub").fill("1500")
    press(page, step, "Reload the page")
    assert page.evaluate("race.stages.get('the-race').state.events.map((event) => event.at)") == [150, 480, 1500, 1500]
    part(page, step, "restart").click()
    press(page, step, "Save a new headline")
    assert page.evaluate("race.stages.get('the-race').state.events.map((event) => event.at)") == [0]


def test_the_lag_of_each_replica_counts(open_page):
    page = open_page()
    for slider in page.locator("[data-step=the-race] [data-lag]").all():
        slider.fill("0")
    assert "0 stale" in tally(page, "the-race")
    assert "replica1 has it. replica2 has it." in part(page, "the-race", "where").inner_text()


def test_the_link_carries_the_state(open_page):
    page = open_page()
    step = "the-two-second-guess"
    page.locator(f"[data-step={step}] [data-lag=replica1]").fill("3500")
    press(page, step, "Reload the page")
    part(page, step, "scrub").fill("1200")
    link = part(page, step, "link").get_attribute("href")
    assert page.evaluate("location.hash") == link
    again = open_page(link)
    for name in ("tally", "time", "where", "browser"):
        assert part(again, step, name).inner_text() == part(page, step, name).inner_text()
    assert again.evaluate("scrollY") > 0
    again.goto(ADDRESS + part(page, step, "sandbox").get_attribute("href"))
    assert again.locator("[data-step=sandbox] input:checked").get_attribute("value") == "pinned"
    assert part(again, "sandbox", "time").inner_text() == "1.20 s"


@pytest.mark.parametrize(
    "nonsense",
    [
        "#sandbox?router=<b>&lag=a,b&do=fly@1,save@x,save@9e9,story@-5&at=NaN",
        "#nowhere?do=save@1",
        "#sandbox?lag=1e9,-1&do=" + ",".join(["save@1"] * 500),
        "#%E0%A4%A",
    ],
)
def test_a_link_of_nonsense_does_no_harm(open_page, nonsense):
    page = open_page(nonsense)
    assert page.evaluate("race.stages.get('sandbox').run.end") < 70_000
    assert page.evaluate("race.stages.get('sandbox').state.events.length") <= 40


def test_everything_is_done_with_the_keyboard_alone(open_page):
    page = open_page()
    step = "the-race"

    def go_to(name):
        for _ in range(120):
            page.keyboard.press("Tab")
            if page.evaluate(NAME) == name:
                return
        raise AssertionError(f"The keyboard does not get to {name!r}.")

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Skip to the race"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.value") == "naive"
    page.keyboard.press("ArrowRight")
    assert "this project" in tally(page, step)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.lag") == "replica1"
    page.keyboard.press("ArrowRight")
    assert page.evaluate("race.stages.get('the-race').state.lag.replica1") == 1000
    go_to("Previous event")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    go_to("Time")
    page.keyboard.press("Home")
    assert part(page, step, "time").inner_text() == "0.00 s"
    go_to("Save a new headline")
    page.keyboard.press("Enter")
    go_to("Reload the page")
    page.keyboard.press("Space")
    assert "rule 9, bookmark" in part(page, step, "browser").inner_text()
    go_to("What happened")
    page.keyboard.press("ArrowUp")
    go_to("Clear")


def test_each_event_is_said_once_the_reader_is_at_work(open_page):
    page = open_page()
    log = part(page, "the-race", "log")
    assert log.get_attribute("aria-live") == "off"
    press(page, "the-race", "Reload the page")
    assert log.get_attribute("aria-live") == "polite"
    last = log.locator("li").last.inner_text()
    assert re.search(r"The editor gets: “Rain tomorrow”, from replica[12]", last)
    events = page.evaluate("race.stages.get('the-race').run.log.length")
    assert log.locator("li").count() <= events
