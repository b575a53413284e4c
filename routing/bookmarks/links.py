"""Links that carry a bookmark, for colleagues, webhooks and other hosts, which a cookie doesn't reach."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ..wal import fetch_flushed
from .bookmark import PARAMETER, Bookmark


def with_bookmark(url: str) -> str:
    """Return `url` with a signed bookmark of the primary's current position, valid for LINK_MAX_AGE seconds.

    Whoever opens it sees what is committed now, or something newer. One statement on the primary; raises
    django.db.DatabaseError if it doesn't answer. Give the page a `rel=canonical`: to caches and search engines this
    is another URL.
    """
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != PARAMETER]
    query.append((PARAMETER, Bookmark(fetch_flushed()).sign()))
    return urlunsplit(parts._replace(query=urlencode(query, safe="~:")))
