"""Each chapter: red as shipped, green when solved, and what its text shows is what is printed."""

import re

import pytest

from workshop.chapters import chapters

pytestmark = pytest.mark.timeout(240)
DIFFERS = (
    r"(?<=reads from replica)\d|(?<= )\d+ ms|\d+(?= of 40 pages)|(?<=after )\d\.\d s|0/[0-9A-F]+|\d\d seen, \d\d gone"
)
every_chapter = pytest.mark.parametrize("chapter", chapters(), ids=lambda chapter: chapter.folder.name)


def section(chapter, title):
    text = (chapter.folder / "README.md").read_text()
    return re.search(rf"^## {title}\n(.*?)(?=^## |\Z)", text, re.DOTALL | re.MULTILINE).group(1)


def outputs(text):
    """The indented blocks of a text."""
    return re.findall(r"(?:^ {4}.*\n)+", text, re.MULTILINE)


def shape(text):
    """A text without the width of its columns, and without what differs from run to run."""
    return [re.sub(DIFFERS, "#", " ".join(line.split())) for line in text.splitlines()]


@every_chapter
def test_as_shipped_the_check_fails_with_a_message_that_teaches(chapter, start):
    status, said = start(chapter, "check")
    assert status == 1, said
    assert re.fullmatch(rf"chapter {chapter.number}: not yet seen .+ expected .+ look at .+", said), said


@every_chapter
def test_with_the_solution_the_check_passes_in_one_line(chapter, start):
    status, said = start(chapter, "check", "--solution")
    assert status == 0, said
    assert re.fullmatch(rf"chapter {chapter.number}: done — .+", said), said


@every_chapter
def test_as_shipped_the_run_prints_what_the_text_shows(chapter, start):
    _, said = start(chapter, "run")
    (shown,) = outputs(section(chapter, "You should see"))
    assert shape(said) == shape(shown)


@pytest.mark.parametrize("number", ["01", "02", "04", "05", "07", "08"])
def test_when_solved_the_run_prints_what_the_text_shows(number, start):
    (chapter,) = [each for each in chapters() if each.number == number]
    _, said = start(chapter, "run", "--solution")
    (shown,) = outputs(section(chapter, "Change these lines"))
    assert shape(said) == shape(shown)
