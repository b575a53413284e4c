"""The sitemap: an index, and parts of a bounded size."""

from django.contrib.sitemaps import Sitemap

from backoffice.models import Author, Section, Story


class StorySitemap(Sitemap):
    limit = 5000

    def items(self):
        return Story.objects.published().only("slug", "updated_at")

    def lastmod(self, story):
        return story.updated_at

    def get_latest_lastmod(self):
        """Django would load every story to find the newest change."""
        return None


class SectionSitemap(Sitemap):
    def items(self):
        return Section.objects.only("slug", "position", "name")


class AuthorSitemap(Sitemap):
    limit = 5000

    def items(self):
        return Author.objects.only("slug", "name")


SITEMAPS = {"stories": StorySitemap, "sections": SectionSitemap, "authors": AuthorSitemap}
