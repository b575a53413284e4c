"""Reads a feed file: RSS 0.9x to 2.0, RDF or Atom. Judges whether it is one at all.

feedparser always returns something. Here a file is a feed, whole and well-formed, or a FeedError says why not.
"""

import io
import re
from html.entities import html5

import feedparser
from feedparser.namespaces import georss

from .feed_files import FeedError, read_text
from .feed_xml import find_fault

# No story of ours has a place, and feedparser raises at some that are well-formed.
for _name in [name for name in vars(georss.Namespace) if name.startswith(("_start_", "_end_"))]:
    delattr(georss.Namespace, _name)


def read_feed(path):
    """Return what feedparser makes of the file at `path`: its entries, its channel. Raises FeedError."""
    text = read_text(path).lstrip()  # an empty line before <?xml …?> breaks no promise but XML's
    fault = find_fault(text)
    if fault and "undefined entity" in fault:
        # &nbsp; and the like belong to HTML, and to the DTD of RSS 0.91. Nothing else is forgiven with them.
        text = _without_names(text)
        fault = find_fault(text)
    if fault:
        raise FeedError(fault)
    parsed = _parse(text)
    if "undefined entity" in str(parsed.get("bozo_exception", "")):  # feedparser leaves the DTD out
        parsed = _parse(_without_names(text))
    _refuse_what_is_no_feed(parsed)
    return parsed


def _parse(text):
    # A stream: feedparser takes a string or bytes for an address or a file name first. Cleaning is nh3's
    # (html_to_markdown.py): feedparser's own would keep the text inside of frames.
    try:
        return feedparser.parse(io.BytesIO(text.encode()), sanitize_html=False)
    except Exception as error:  # whichever: the other files are to be imported
        raise FeedError(
            f"is well-formed, but feedparser cannot read it ({type(error).__name__}: {error}). "
            "Take out of the file what is special about it, and import it again"
        ) from error


def _without_names(text):
    return re.sub(r"&(\w+);", _as_number, text)


def _as_number(match):
    name = match[1]
    if name in {"amp", "lt", "gt", "quot", "apos"} or f"{name};" not in html5:
        return match[0]
    return "".join(f"&#{ord(character)};" for character in html5[f"{name};"])


def _refuse_what_is_no_feed(parsed):
    if not parsed.get("version"):
        raise FeedError("is not a feed: there is no RSS, RDF or Atom in it")
    if parsed.bozo:
        raise FeedError(f"is not well-formed XML: {parsed.get('bozo_exception')}")
    if not parsed.entries and not parsed.feed:
        raise FeedError("is a feed without a channel and without stories")
