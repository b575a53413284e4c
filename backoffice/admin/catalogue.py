"""Sections, authors and tags: what stories are sorted by. Each list says how many stories are in it."""

from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.html import format_html

from backoffice.models import Author, Section, Story, Tag

from .forged import RefusesForgedFields


class CatalogueAdmin(RefusesForgedFields, admin.ModelAdmin):
    """`story_field` is the field of Story that leads here: counted, and filtered by in the link."""

    story_field = None
    prepopulated_fields = {"slug": ["name"]}
    search_fields = ["name"]

    def get_queryset(self, request):
        # A subquery, and not a join: that would group all of the stories before it sorts and cuts the page.
        stories = Story.objects.filter(status=Story.Status.PUBLISHED, **{self.story_field: OuterRef("pk")})
        counts = stories.order_by().values(self.story_field).annotate(count=Count("pk")).values("count")
        return super().get_queryset(request).annotate(story_count=Coalesce(Subquery(counts), 0))

    @admin.display(description="published stories", ordering="story_count")
    def stories(self, row):
        query = urlencode({f"{self.story_field}__id__exact": row.pk, "status__exact": Story.Status.PUBLISHED})
        address = f"{reverse('admin:backoffice_story_changelist')}?{query}"
        return format_html('<a href="{}">{}</a>', address, row.story_count)


@admin.register(Section)
class SectionAdmin(CatalogueAdmin):
    story_field = "section"
    list_display = ["name", "slug", "position", "stories"]
    list_editable = ["position"]


@admin.register(Author)
class AuthorAdmin(CatalogueAdmin):
    story_field = "author"
    list_display = ["name", "role", "slug", "stories"]
    search_fields = ["name", "role"]


@admin.register(Tag)
class TagAdmin(CatalogueAdmin):
    story_field = "tags"
    list_display = ["name", "slug", "stories"]
