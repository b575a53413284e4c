"""Search: PostgreSQL's full text, on its index."""

from django import forms
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank
from django.core.paginator import Paginator
from django.db.models import F, Func, Value
from django.shortcuts import render

from backoffice.models import Story
from publicsite.caching import revalidate

from .front import in_list

NEWEST_HITS = 300  # are ranked: ranking all hits of a common word would read a hundred thousand texts
PER_PAGE = 15
# Characters that no text has mark the hits, until the rest is escaped: see the filter `highlighted`.
START, END = "\ue000", "\ue001"


class SearchForm(forms.Form):
    """Refuses NUL characters, and texts that nobody types."""

    q = forms.CharField(label="Search the paper", max_length=200)


@revalidate
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
        excerpt=SearchHeadline(_without_markdown("body"), _query(text), max_words=40, min_words=20, **options),
    )
    by_key = {story.pk: story for story in stories}
    return [by_key[key] for key in keys if key in by_key]


def _without_markdown(field):
    """Return the text of a Markdown field without its signs, well enough for an excerpt."""
    without_links = Func(F(field), Value(r"\[([^]]*)\]\([^)]*\)"), Value(r"\1"), Value("g"), function="regexp_replace")
    return Func(without_links, Value("[*_`#>|]+"), Value(""), Value("g"), function="regexp_replace")
