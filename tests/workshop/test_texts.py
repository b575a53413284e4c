"""The folders of the workshop: what must be in each, and that nothing in the texts leads nowhere."""

import re
import subprocess
from pathlib import Path

import pytest

from workshop.chapters import HERE, chapters

every_chapter = pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.folder.name)
TEXTS = sorted(HERE.rglob("*.md"))
# Each chapter's steps of docs/race.html: what it teaches, to play by hand.
STEPS = {
    "01": {"the-race"},
    "02": {"the-path-rule"},
    "03": {"the-lost-login", "two-replicas-in-one-page"},
    "04": {"the-path-rule"},
    "05": {"the-two-second-guess", "the-bookmark"},
    "06": {"sandbox"},
    "07": {"sandbox"},
    "08": {"a-frozen-server", "a-promotion"},
}
SECTIONS = ["Predict", "Run", "You should see", "Why", "Change these lines", "Check"]


def test_there_are_eight_chapters_in_order():
    assert [chapter.number for chapter in chapters()] == [f"0{number}" for number in range(1, 9)]
    assert [chapter.title[:2] for chapter in chapters()] == [f"{number}." for number in range(1, 9)]


@every_chapter
def test_a_chapter_has_a_goal_with_a_number_and_the_same_parts(chapter):
    text = (chapter.folder / "README.md").read_text()
    assert re.search(r"^\*\*Goal: [^*]*\*\* \d+ minutes\.$", text, re.MULTILINE)
    assert re.findall(r"^## (.*)", text, re.MULTILINE) == SECTIONS
    assert f"make workshop-run N={chapter.number}" in text
    assert f"make workshop N={chapter.number}" in text
    assert len(text.splitlines()) <= 60


@every_chapter
def test_a_chapter_links_to_its_step_of_the_race(chapter):
    text = (chapter.folder / "README.md").read_text()
    assert {*re.findall(r"\(\.\./\.\./docs/race\.html#([a-z-]+)\)", text)} == STEPS[chapter.number]


def test_the_race_has_those_steps():
    page = (HERE.parent / "docs/race.html").read_text()
    assert [step for steps in STEPS.values() for step in steps if not re.search(rf"""["'#]{step}["']""", page)] == []


def test_the_trainers_notes_are_short_and_have_a_question_for_every_chapter():
    text = (HERE / "TRAINER.md").read_text()
    assert len(text.splitlines()) <= 80
    (table,) = re.findall(r"^## Chapter by chapter.*?\n\|.*?(?=\n\n)", text, re.MULTILINE | re.DOTALL)
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in table.splitlines()[3:]]
    assert [row[0] for row in rows if row[0]] == [str(number) for number in range(1, 9)]
    assert all(row[1] for row in rows if row[0]), "no answer to Predict"
    assert all(row[2] and row[3].endswith("?") for row in rows), "no question"


@every_chapter
def test_what_learners_edit_says_that_it_is_wrong_on_purpose(chapter):
    solution = {path.name for path in (chapter.folder / "solution").iterdir() if path.suffix == ".py"}
    assert solution
    for name in solution:
        first = (chapter.folder / name).read_text().partition("\n")[0]
        assert re.match(r'"""(WRONG|INCOMPLETE) ON PURPOSE: ', first), name
        assert "ON PURPOSE" not in (chapter.folder / "solution" / name).read_text().partition("\n")[0]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: str(path.relative_to(HERE)))
def test_every_make_target_and_link_exists(path):
    text = path.read_text()
    for target in set(re.findall(r"(?:`|^ {4})make (?:[A-Z]+=\S+ )*([a-z][a-z-]*)", text, re.MULTILINE)):
        done = subprocess.run(["make", "--dry-run", target], cwd=HERE.parent, capture_output=True, check=False)
        assert done.returncode == 0, target
    for link in re.findall(r"\]\(([^)#]+)\)", text):
        if "://" not in link:
            assert (path.parent / link).exists(), link
    for named in re.findall(r"`((?:workshop|routing|cluster|tests)/[\w./-]*)`", text):
        assert (Path(HERE.parent) / named).exists(), named
