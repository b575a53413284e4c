"""Search: PostgreSQL's full text, on its index."""

import html

from django import forms
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.core.paginator import Paginator
from django.db.models import F, Func, Value
from django.db.models.functions import Left
from django.shortcuts import render

from backoffice.models import Story

from .front import in_list

NEWEST_HITS = 300  # are ranked: ranking all hits of a common word would read a hundred thousand texts
PER_PAGE = 15
EXCERPT_FROM = 20_000  # characters of a text: ts_headline reads all that it is given, at some 3 MB a second
# Characters that no text has mark the hits, until the rest is escaped: see the filter `highlighted`.
START, END = "\ue000", "\ue001"


class SearchForm(forms.Form):
    """Refuses NUL characters, and texts that nobody types."""

    q = forms.CharField(label="Search the paper", max_length=200)


def search(request):
    form = SearchForm(request.GET if "q" in request.GET else None)
    context = {"form": form, "q": "", "page": None}
    if form.is_bound and form.is_valid():
        context["q"] = form.cleaned_data["q"]
        context["page"] = Paginator(_hits(context["q"]), PER_PAGE).get_page(request.GET.get("page"))
        context["stories"] = list(_highlighted(context["page"].object_list, context["q"]))
    refused = form.errors and request.GET["q"].strip()
    return render(request, "publicsite/search.html", context, status=400 if refused else 200)


def _query(text):
    return SearchQuery(text, config="english", search_type="websearch")


def _hits(text):
    """Return the primary keys of the newest hits, the best first."""
    newest = Story.objects.published().filter(search=_query(text))[:NEWEST_HITS]
    ranked = Story.objects.filter(pk__in=newest.values("pk")).annotate(rank=SearchRank(F("search"), _query(text)))
    return list(ranked.order_by("-rank", "-published_at", "-pk").values_list("pk", flat=True))


def _highlighted(keys, text):
    """Return the stories of one page, in the order of `keys`, with their hits marked."""
    options = {"config": "english", "start_sel": START, "stop_sel": END}
    stories = in_list(Story.objects.filter(pk__in=keys)).annotate(
        marked_headline=SearchHeadline("headline", _query(text), highlight_all=True, **options),
        excerpt=SearchHeadline(_printed("body_html"), _query(text), max_words=40, min_words=20, **options),
    )
    by_key = {story.pk: story for story in stories}
    for story in by_key.values():
        story.excerpt = html.unescape(story.excerpt)
    return [by_key[key] for key in keys if key in by_key]


def _printed(field):
    """Return the beginning of a field of HTML without its tags: what readers see, but for its entities."""
    tags = Value(r"<[^>]*>?")  # the last one may have been cut
    return Func(Left(F(field), EXCERPT_FROM), tags, Value(""), Value("g"), function="regexp_replace")
