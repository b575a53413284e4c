"""How editors search: by words and beginnings of words, on the full-text index; also by slug or GUID."""

import re

from django.contrib.postgres.search import SearchQuery
from django.db.models import Q


def find_stories(stories, text):
    """Return those of `stories` (a queryset) that have all words of `text`; `text` may be a slug or a GUID."""
    text = text.strip().replace("\x00", "")
    if not text:
        return stories
    words = re.findall(r"[^\W_]+", text)
    query = " & ".join(f"{word}:*" for word in words)
    match = Q(slug=text) | Q(guid=text)
    if query:
        match |= Q(search=SearchQuery(query, search_type="raw", config="english"))
    return stories.filter(match)
