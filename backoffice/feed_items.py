"""One entry of a feed, as a story of this newspaper could have it."""

import calendar
import datetime
import hashlib
import html
import re
import textwrap
from dataclasses import dataclass
from urllib.parse import urljoin

from .feed_files import FeedError
from .html_to_markdown import html_to_markdown, html_to_text
from .models import LONGEST_BODY, Story
from .texts import tidy

LONGEST = {name: Story._meta.get_field(name).max_length for name in ("headline", "guid", "feed", "source_url")}
LONGEST_STANDFIRST = 400
# Some feeds date what they cannot date in the year 1 or 9999.
EARLIEST = datetime.datetime(1900, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Item:
    """`published_at` is None where the feed has no date, or none that can be read."""

    guid: str
    headline: str
    standfirst: str
    body: str
    source_url: str
    published_at: datetime.datetime | None


def feed_identity(channel):
    """Return what tells a feed from others for good: its id, else where it lives, else what it is about, or its title.

    A GUID is only unique within its feed: "1" stands in many.
    """
    its_own = [link.get("href") for link in channel.get("links", []) if link.get("rel") == "self"]
    address = next(filter(None, (channel.get("id"), *its_own, channel.get("link"))), "")
    # A site that has moved to https is still the same.
    name = tidy(re.sub("^https?://", "", address.strip()).rstrip("/")) or f"title:{tidy(channel.get('title', ''))}"
    return name if len(name) <= LONGEST["feed"] else _hash(name)


def read_item(entry, home=""):
    """Return the Item of a feedparser entry. `home`, the channel's address, completes relative links.

    Raises FeedError for a story that is longer than ours may be: half of it would be worse than nothing.
    """
    link = _web_address(entry.get("link", ""), home)
    summary, content = _html(entry.get("summary_detail")), _content(entry)
    standfirst = html_to_text(summary)
    # Without content of its own the description is the story; feedparser also copies the one to the other.
    if not content or standfirst == html_to_text(content):
        content, standfirst = content or summary, ""
    body = html_to_markdown(content, base=link or home)
    headline = html_to_text(_html(entry.get("title_detail"))) or html_to_text(content)
    headline = _shorten(headline or "Untitled", LONGEST["headline"])
    if len(body) > LONGEST_BODY:
        raise FeedError(
            f"has a story of {len(body):,} characters, “{_shorten(headline, 60)}”; a story has at most "
            f"{LONGEST_BODY:,}. Shorten it in the file, or leave it out, and import the file again"
        )
    return Item(
        guid=_guid(entry, link, headline, body),
        headline=headline,
        standfirst=_shorten(standfirst, LONGEST_STANDFIRST),
        body=body,
        source_url=link,
        published_at=_date(entry),
    )


def _content(entry):
    """Return the longest of the entry's contents that is text: Atom allows several."""
    return max((_html(each) for each in entry.get("content", [])), key=len, default="")


def _html(detail):
    """Return a feedparser text construct as HTML, whichever kind it was."""
    value = (detail or {}).get("value") or ""
    kind = detail.get("type", "text/html") if detail else ""
    if kind == "text/plain":
        paragraphs = html.escape(value).split("\n\n")
        return "".join(f"<p>{each}</p>" for each in paragraphs) if len(paragraphs) > 1 else paragraphs[0]
    return value if kind in {"text/html", "application/xhtml+xml"} else ""


def _guid(entry, link, headline, body):
    """Return what identifies the entry for good: its GUID, else its link, else its words."""
    guid = tidy(entry.get("id") or link).strip() or _hash(f"{headline}\n{body}")
    return guid if len(guid) <= LONGEST["guid"] else _hash(guid)


def _hash(text):
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _web_address(link, home):
    try:
        link = urljoin(home, link.strip()) if link else ""
    except ValueError:
        return ""
    fits = link.lower().startswith(("http://", "https://")) and len(link) <= LONGEST["source_url"]
    return link if fits and tidy(link) == link and not any(map(str.isspace, link)) else ""


def _date(entry):
    # dict.get: FeedParserDict would answer for one date with the other, and warn.
    parsed = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    if not parsed:
        return None
    try:
        date = datetime.datetime.fromtimestamp(calendar.timegm(parsed), datetime.UTC)
    except (OverflowError, ValueError, OSError):
        return None
    return date if date >= EARLIEST else None


def _shorten(text, length):
    if len(text) <= length:
        return text
    shortened = textwrap.shorten(text, length, placeholder="…")
    return shortened if len(shortened) > length // 2 else text[: length - 1] + "…"
