"""The addresses of the public site."""

from django.contrib.sitemaps import views as sitemap_views
from django.urls import path

from .feed import StoryFeed
from .sitemaps import SITEMAPS
from .views import front, lists, race, robots, search, story

sitemaps = {"sitemaps": SITEMAPS}

urlpatterns = [
    path("", front.front, name="front"),
    path("stories/<slug:slug>/", story.story, name="story"),
    path("sections/<slug:slug>/", lists.section, name="section"),
    path("authors/<slug:slug>/", lists.author, name="author"),
    path("archive/", lists.archive, name="archive"),
    path("search/", search.search, name="search"),
    path("feed/", StoryFeed(), name="feed"),
    path("race/", race.race, name="race"),
    path("robots.txt", robots.robots, name="robots"),
    path("sitemap.xml", sitemap_views.index, sitemaps, name="sitemap"),
    path("sitemap-<section>.xml", sitemap_views.sitemap, sitemaps, name="django.contrib.sitemaps.views.sitemap"),
]
