"""docs/race.html, opened from the disk: what it shows is true, on every kind of screen, and on paper."""

import copy
import json
import re

import pytest

from .race_page import FILE, SCREENS, STEPS, part, tally
from .stack import PROJECT
from .test_accessibility import violations

TABLE = json.loads((PROJECT / "tests" / "race_cases.json").read_text())
QUESTIONS = (PROJECT / "tests" / "race_questions.md").read_text()
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


def test_whatever_happens_this_project_shows_nothing_stale_and_keeps_the_login(open_page):
    """Thousands of races at random. That the naive router loses some of them shows that they are races."""
    races = """(router) => {
      let seed = 7, stale = 0, lost = 0;
      const random = (n) => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) % n;
      const verbs = ["save", "publish", "login", "story", "story", "admin", "reader", "desk", "freeze-replica1",
                     "thaw-replica1", "hold-replica2", "release-replica2", "cut", "promote"];
      for (let number = 0; number < 2000; number++) {
        let at = 0;
        const events = Array.from({length: 8}, () => ({at: (at += random(900)), do: verbs[random(verbs.length)]}));
        const lag = {replica1: random(3000), replica2: random(3000)};
        const {pages} = race.simulate({router, lag, events, seed: number});
        stale += pages.filter((page) => page.isStale && !page.isGone).length;
        lost += pages.filter((page) => page.lostLogin).length;
      }
      return {stale, lost};
    }"""
    page = open_page()
    assert page.evaluate(races, "ours") == {"stale": 0, "lost": 0}
    assert min(page.evaluate(races, "naive").values()) > 20


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


def test_the_demo_serves_the_same_file(new_page):
    answer = new_page().goto("/race/")
    assert answer.status == 200
    assert answer.body() == FILE.read_bytes()
