"""The format of the demo edition's stories."""

import datetime

import pytest

from backoffice.front_matter import FrontMatterError, read_story

STORY = """+++
headline = "Replica Two reports yesterday's score as today's"
slug = "late-score"
section = "sport"
author = "ada"
tags = ["lag", "football"]
age = "40m"
corrections = [{ age = "5m", text = "The score was 2–2." }]
+++

First.

+++

Last.
"""


def test_a_story_is_read():
    story = read_story(STORY, "01-late-score.md")
    assert story.guid == "demo:late-score"
    assert story.age == datetime.timedelta(minutes=40)
    assert story.corrections == [(datetime.timedelta(minutes=5), "The score was 2–2.")]
    assert story.tags == ["lag", "football"]
    assert story.status == "published"
    assert story.body == "First.\n\n+++\n\nLast."


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("+++\nheadline", "headline", "front matter must stand first"),
        ('slug = "late-score"\n', "", "slug missing"),
        ("author =", "writer =", "unknown key writer"),
        ('"40m"', '"soon"', "age 'soon' is not like"),
        ('tags = ["lag"', "tags = [lag", "01.md"),
        ('age = "40m"', 'age = "40m"\nstatus = "live"', "status 'live' is none of"),
        ('{ age = "5m", ', "{ ", "01.md"),
    ],
)
def test_a_mistake_is_named_with_its_file(old, new, reason):
    assert old in STORY
    with pytest.raises(FrontMatterError, match=reason) as raised:
        read_story(STORY.replace(old, new), "01.md")
    assert str(raised.value).startswith("01.md: ")
