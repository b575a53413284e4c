"""The feed (Atom): the newest stories. It is XML whatever the database holds: a text that SQL put there, too."""

from django.contrib.syndication.views import Feed
from django.urls import reverse_lazy
from django.utils.feedgenerator import Atom1Feed

from backoffice.models import Story
from backoffice.texts import printable
from publicsite.views.front import in_list


class StoryFeed(Feed):
    feed_type = Atom1Feed
    title = "The Daily Replica"
    subtitle = "News of replication, and of its races"
    link = reverse_lazy("front")
    feed_url = reverse_lazy("feed")

    def items(self):
        return in_list(Story.objects.published(), "updated_at")[:30]

    def item_title(self, story):
        return printable(story.headline)

    def item_description(self, story):
        return printable(story.standfirst)

    def item_pubdate(self, story):
        return story.published_at

    def item_updateddate(self, story):
        return story.updated_at

    def item_author_name(self, story):
        return printable(story.author.name) if story.author else None

    def item_categories(self, story):
        return [printable(story.section.name)]
