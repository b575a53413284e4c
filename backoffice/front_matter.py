"""Reads a story of the demo edition: TOML between two lines of +++, and Markdown below."""

import datetime
import re
import tomllib
from dataclasses import dataclass, field

from .models import Story

UNITS = {"m": "minutes", "h": "hours", "d": "days"}
REQUIRED = {"headline", "slug", "section"}
KNOWN = REQUIRED | {"standfirst", "author", "tags", "age", "status", "corrections"}


class FrontMatterError(Exception):
    """What is wrong with a file of the demo edition."""


@dataclass(frozen=True)
class DemoStory:
    """`age` is the time between its publication and the load; for a scheduled story, in the future."""

    headline: str
    slug: str
    section: str
    body: str
    standfirst: str = ""
    author: str | None = None
    tags: list[str] = field(default_factory=list)
    age: datetime.timedelta = datetime.timedelta()
    status: str = "published"
    corrections: list[tuple[datetime.timedelta, str]] = field(default_factory=list)

    @property
    def guid(self):
        return f"demo:{self.slug}"


def read_story(text, name):
    """Return the DemoStory in `text`. Raises FrontMatterError, which names the file by `name`."""
    parts = re.split(r"^\+\+\+[ \t]*$", text.replace("\r\n", "\n"), maxsplit=2, flags=re.MULTILINE)
    if len(parts) != 3 or parts[0].strip():
        raise FrontMatterError(f"{name}: the front matter must stand first, between two lines of +++.")
    try:
        values = tomllib.loads(parts[1])
        if unknown := values.keys() - KNOWN:
            raise ValueError(f"unknown key {', '.join(sorted(unknown))}")
        if missing := REQUIRED - values.keys():
            raise ValueError(f"{', '.join(sorted(missing))} missing")
        if values.setdefault("status", "published") not in Story.Status.values:
            raise ValueError(f"status {values['status']!r} is none of {', '.join(Story.Status.values)}")
        values["age"] = read_age(values.get("age", "0m"))
        values["corrections"] = [(read_age(each["age"]), each["text"]) for each in values.get("corrections", [])]
    except (ValueError, KeyError) as error:
        raise FrontMatterError(f"{name}: {error}.") from error
    return DemoStory(**values, body=parts[2].strip())


def read_age(text):
    """Return "40m", "3h" or "2d" as a timedelta."""
    match = re.fullmatch(r"(\d+)([mhd])", text)
    if not match:
        raise ValueError(f"age {text!r} is not like 40m, 3h or 2d")
    return datetime.timedelta(**{UNITS[match[2]]: int(match[1])})
