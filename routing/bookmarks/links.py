"""Links that carry a bookmark: a cookie reaches neither a colleague, nor a webhook, nor another host."""

from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ..wal import fetch_flushed
from .bookmark import PARAMETER, Bookmark


def with_bookmark(url: str) -> str:
    """Return `url` with a signed bookmark of the primary's present position, good for LINK_MAX_AGE seconds.

    Whoever opens it sees what is committed now, or something newer. One statement on the primary; raises
    django.db.DatabaseError if it does not answer. The page should name its own URL (`rel=canonical`): the link
    is another key to caches and search engines.
    """
    parts = urlsplit(url)
    query = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != PARAMETER]
    query.append((PARAMETER, Bookmark(fetch_flushed()).sign()))
    return urlunsplit(parts._replace(query=urlencode(query, safe="~:")))
