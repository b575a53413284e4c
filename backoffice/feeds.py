"""Reads a feed file: RSS 0.9x to 2.0, RDF or Atom, in any encoding. Judges whether it is one at all.

feedparser always returns something. Here a file is a feed, whole and well-formed, or a FeedError says why not.
"""

import io
import re
from html.entities import html5

import feedparser
from feedparser.exceptions import CharacterEncodingOverride, CharacterEncodingUnknown, NonXMLContentType

# A feed that lies about its encoding was still understood; what it says is whole.
TOLERABLE = CharacterEncodingOverride, NonXMLContentType


class FeedError(Exception):
    """Why a file was not imported."""


def read_feed(path):
    """Return what feedparser makes of the file at `path`: its entries, its channel. Raises FeedError."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FeedError(f"cannot be read: {error.strerror}") from error
    if not data.strip():
        raise FeedError("is empty")
    if data.lstrip().startswith(b"<"):
        data = data.lstrip()  # an empty line before <?xml …?> breaks no promise but XML's
    parsed = _parse(data)
    if "undefined entity" in str(parsed.get("bozo_exception", "")):
        # &nbsp; and the like belong to HTML, and to the DTD of RSS 0.91. Nothing else is forgiven with them.
        parsed = _parse(re.sub(rb"&(\w+);", _as_number, data))
    _refuse_what_is_no_feed(parsed, data)
    return parsed


def _parse(data):
    # A stream: feedparser takes a string or bytes for an address or a file name first. Cleaning is nh3's
    # (html_to_markdown.py): feedparser's own would keep the text inside of frames.
    return feedparser.parse(io.BytesIO(data), sanitize_html=False)


def _as_number(match):
    name = match[1].decode("ascii", "replace")
    if name in {"amp", "lt", "gt", "quot", "apos"} or f"{name};" not in html5:
        return match[0]
    return "".join(f"&#{ord(character)};" for character in html5[f"{name};"]).encode("ascii")


def _refuse_what_is_no_feed(parsed, data):
    problem = parsed.get("bozo_exception") if parsed.bozo else None
    if isinstance(problem, CharacterEncodingUnknown):
        raise FeedError("is in an encoding that cannot be told")
    if not parsed.get("version"):
        if re.search(rb"<(!doctype\s+)?html", data[:2000], re.IGNORECASE):
            raise FeedError("is an HTML page, not a feed")
        raise FeedError("is not a feed: there is no RSS, RDF or Atom in it")
    if problem and not isinstance(problem, TOLERABLE):
        raise FeedError(f"is not well-formed XML: {_where(problem)}")
    if not parsed.entries and not parsed.feed:
        raise FeedError("is a feed without a channel and without stories")


def _where(problem):
    if hasattr(problem, "getLineNumber"):
        return f"{problem.getMessage()} (line {problem.getLineNumber()})"
    return str(problem)
