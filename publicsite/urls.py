"""The addresses of the public site."""

from django.contrib.sitemaps import views as sitemap_views
from django.urls import path

from .feed import StoryFeed
from .reading import for_readers
from .sitemaps import SITEMAPS
from .views import front, lists, race, robots, search, story

sitemaps = {"sitemaps": SITEMAPS}


def page(address, view, *args, **kwargs):
    """Return the path of a page for readers: see reading.py."""
    return path(address, for_readers(view), *args, **kwargs)


urlpatterns = [
    page("", front.front, name="front"),
    page("stories/<slug:slug>/", story.story, name="story"),
    page("sections/<slug:slug>/", lists.section, name="section"),
    page("authors/<slug:slug>/", lists.author, name="author"),
    page("archive/", lists.archive, name="archive"),
    page("search/", search.search, name="search"),
    page("feed/", StoryFeed(), name="feed"),
    page("race/", race.race, name="race"),
    page("robots.txt", robots.robots, name="robots"),
    page("sitemap.xml", sitemap_views.index, sitemaps, name="sitemap"),
    page("sitemap-<section>.xml", sitemap_views.sitemap, sitemaps, name="django.contrib.sitemaps.views.sitemap"),
]
