"""The front page: the newest stories, and a few of each section."""

from django.shortcuts import render
from django.template.loader import render_to_string

from backoffice.front_page import BY_SECTION
from backoffice.models import Section, Story
from publicsite.caching import revalidate
from routing.bookmarks import caching

NEWEST = 14
SECONDS = 60  # that the part below is cached for, unless a save drops it
OF_EACH_SECTION = 3


@revalidate
def front(request):
    newest = list(in_list(Story.objects.published())[:NEWEST])
    sections = list(Section.objects.all())
    return render(
        request,
        "publicsite/front.html",
        {
            "lead": newest[0] if newest else None,
            "beside": newest[1:4],
            "below": newest[4:6],
            "others": newest[6:],
            "sections": sections,
            "by_section": caching.get_or_make(BY_SECTION, lambda: _by_section(sections), SECONDS),
        },
    )


def _by_section(sections):
    return render_to_string("publicsite/_by_section.html", {"by_section": newest_of(sections)})


def in_list(stories, *more):
    """Load what a list of stories shows, and the fields `more`: no bodies."""
    fields = ("headline", "slug", "standfirst", "published_at", "section__name", "section__slug", *more)
    return stories.select_related("section", "author").only(*fields, "author__name", "author__slug")


def newest_of(sections):
    """Return the newest stories of each section, in one query: each part walks its own stretch of the index."""
    parts = [in_list(Story.objects.published().filter(section=section))[:OF_EACH_SECTION] for section in sections]
    if not parts:
        return []
    stories = parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]
    by_section = {section: [] for section in sections}
    for story in stories:
        by_section[story.section].append(story)
    return [(section, stories) for section, stories in by_section.items() if stories]
