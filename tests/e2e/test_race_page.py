"""docs/race.html, opened from the disk: every step, on every kind of screen, and without a mouse, motion, or network."""

import copy
import json
import re

import pytest

from .stack import PROJECT
from .test_accessibility import violations

FILE = PROJECT / "docs" / "race.html"
ADDRESS = FILE.as_uri()
TABLE = json.loads((PROJECT / "tests" / "race_cases.json").read_text())
QUESTIONS = (PROJECT / "tests" / "race_questions.md").read_text()
STEPS = [
    "the-race",
    "the-path-rule",
    "the-lost-login",
    "two-replicas-in-one-page",
    "the-two-second-guess",
    "the-bookmark",
    "a-promotion",
    "a-frozen-server",
    "sandbox",
]
# What each step's picture has shown at its end, by its first router and by the one that it leads to.
ENDS = {
    "the-race": ("1 stale", "0 stale"),
    "the-path-rule": ("1 stale", "0 stale"),
    "the-lost-login": ("1 lost login", "0 stale · 2 from the primary"),
    "two-replicas-in-one-page": ("1 error", "0 stale · 0 from the primary"),
    "the-two-second-guess": ("1 stale", "0 stale"),
    "the-bookmark": ("0 stale · 1 from the primary", "1 stale"),
    "a-promotion": ("1 stale", "0 stale · 1 from the primary"),
    "a-frozen-server": ("3 slow", "0 stale · 0 from the primary"),
}
SCREENS = {"phone": (360, 740), "laptop": (1280, 860), "projector": (1920, 1080)}
PLAY = """({router, held, die, logged_in, events}) => {
  let at = 0;
  const before = held.map((name) => ({do: `hold-${name}`, at: 0}));
  const timed = events.map((event) => ({...event, at: (at += event.do === "wait" ? 2500 : 1000)}));
  const run = race.simulate({router, die, loggedIn: logged_in ?? true, events: [...before, ...timed]});
  return timed.map((event, number) => {
    const page = run.pages.find((each) => each.event === number + before.length);
    return page ? {sees: page.sees, from: page.from, reason: page.reason, logged_in: page.loggedIn} : {};
  });
}"""


@pytest.fixture
def open_page(browser):
    """A function that opens the file. No host is asked for anything, and no script complains."""
    contexts, trouble = [], []

    def opens(fragment="", size="laptop", **options):
        width, height = SCREENS[size]
        options = {"reduced_motion": "reduce", "viewport": {"width": width, "height": height}} | options
        context = browser.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
        page.on("request", lambda request: trouble.append(request.url) if _is_elsewhere(request.url) else None)
        page.goto(ADDRESS + fragment)
        page.wait_for_function("globalThis.race")
        return page

    yield opens
    for context in contexts:
        context.close()
    assert trouble == []


def _is_elsewhere(url):
    return not url.startswith((ADDRESS, "data:"))


def part(page, step, name):
    return page.locator(f"[data-step={step}] [data-is={name}]")


def tally(page, step):
    return part(page, step, "tally").inner_text()


def press(page, step, name):
    page.locator(f"[data-step={step}]").get_by_role("button", name=name, exact=True).click()


def differences(page, case):
    """What the page's simulation shows otherwise than the case says."""
    wrong = []
    for event, seen in zip(case["events"], page.evaluate(PLAY, case), strict=True):
        expected = {key: event[key] for key in ("sees", "from", "reason", "logged_in") if key in event}
        if {key: seen.get(key) for key in expected} != expected:
            wrong.append(f"{case['case']}, {event['do']}: expected {expected}, got {seen}")
    return wrong


def test_it_is_one_small_file_that_loads_nothing():
    text = FILE.read_text()
    assert len(text.encode()) < 150_000
    assert re.findall(r"""(?:src|href)=["'](?!#|data:)([^"']+)""", text) == []
    assert re.findall(r"""url\(["']?(?!data:|#)([^"')]+)|@import|fetch\(|XMLHttpRequest|WebSocket""", text) == []


def test_every_case_is_what_the_page_shows(open_page):
    page = open_page()
    assert [wrong for case in TABLE["cases"] for wrong in differences(page, case)] == []
    assert page.evaluate("race.HEADLINES") == TABLE["headlines"]
    assert {case["step"] for case in TABLE["cases"]} == {*STEPS}


def test_a_wrong_case_fails(open_page):
    case = copy.deepcopy(TABLE["cases"][0])
    case["events"][1]["sees"] = "Rain tomorrow"
    (wrong,) = differences(open_page(), case)
    assert "expected {'sees': 'Rain tomorrow'" in wrong


@pytest.mark.parametrize("size", SCREENS)
def test_every_step_shows_what_it_says(open_page, size, scheme):
    page = open_page(size=size, color_scheme=scheme)
    for step, (wrong, right) in ENDS.items():
        assert wrong in tally(page, step), step
        page.locator(f"[data-step={step}] input[type=radio]:not(:checked)").check(force=True)
        assert right in tally(page, step), step
        picture = part(page, step, "lanes").bounding_box()
        assert picture["width"] > 250
        assert picture["height"] > 250
    assert page.evaluate("document.documentElement.scrollWidth") <= SCREENS[size][0]


@pytest.mark.parametrize("size", SCREENS)
def test_axe_finds_nothing(open_page, size, scheme):
    page = open_page(size=size, color_scheme=scheme)
    assert violations(page) == []


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
            if page.evaluate("document.activeElement.getAttribute('aria-label') || document.activeElement.innerText") == name:
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


def test_on_paper_every_picture_is_whole(open_page):
    page = open_page(reduced_motion="no-preference", size="phone")
    pdf = page.pdf(format="A4", print_background=True)
    assert 3 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 9
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    for step in ENDS:
        cover = page.locator(f"[data-step={step}] .cover")
        assert float(cover.get_attribute("width")) > 550
        assert not page.locator(f"[data-step={step}] .clock").is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")


def test_five_questions_are_answered_where_the_text_says(open_page):
    page = open_page()
    rows = re.findall(r"^\| (.+\?) \| `#([\w-]+)` \| (.+?) \|$", QUESTIONS, re.M)
    assert len(rows) == 5
    for question, section, answer in rows:
        text = re.sub(r"\s+", " ", page.locator(f"#{section}").inner_text())
        assert answer in text, question
        assert page.get_by_role("heading", name=question).count() == 1


def test_the_demo_serves_the_same_file(site, browser):
    context = browser.new_context(base_url=site)
    page = context.new_page()
    answer = page.goto("/race/")
    assert answer.status == 200
    assert answer.body() == FILE.read_bytes()
    assert "1 stale" in page.evaluate("race.stages.get('the-race').moveTo(9e9), document.querySelector('[data-step=the-race] [data-is=tally]').innerText")
    context.close()
