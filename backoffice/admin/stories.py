"""Stories in the admin: the list, the form, corrections beside it, and a preview."""

from django.contrib import admin
from django.db import models
from django.urls import path
from django.utils.html import format_html
from django.utils.timezone import localtime

from backoffice.models import Correction, Story
from backoffice.searching import find_stories
from routing.bookmarks import with_bookmark

from .preview import preview
from .story_actions import publish_stories, unpublish_stories
from .story_form import StoryForm
from .widgets import NamedSplitDateTime

NAMED = {models.DateTimeField: {"widget": NamedSplitDateTime}}


class CorrectionInline(admin.StackedInline):
    model = Correction
    extra = 0
    classes = ["corrections"]
    formfield_overrides = NAMED


@admin.register(Story)
class StoryAdmin(admin.ModelAdmin):
    form = StoryForm
    inlines = [CorrectionInline]
    actions = [publish_stories, unpublish_stories]

    list_display = ["headline", "status_label", "section", "author", "time"]
    list_filter = ["status", "section", "published_at"]
    list_select_related = ["section", "author"]
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "published_at"
    search_fields = ["headline"]  # shows the search box; get_search_results searches
    search_help_text = "Words of the headline, the standfirst or the body, or a whole slug or GUID."

    formfield_overrides = NAMED
    filter_horizontal = ["tags"]
    prepopulated_fields = {"slug": ["headline"]}
    readonly_fields = ["guid", "source_url", "updated_at"]
    save_on_top = True
    fieldsets = [
        (None, {"fields": ["headline", "slug", "standfirst", "body"]}),
        ("Where it stands", {"fields": ["section", "author", "tags"]}),
        ("Publishing", {"fields": [("status", "published_at")]}),
        ("Origin", {"fields": ["guid", "source_url", "updated_at"], "classes": ["collapse"]}),
    ]

    class Media:
        js = ["backoffice/copy_link.js"]

    @admin.display(description="status", ordering="status")
    def status_label(self, story):
        return format_html('<span class="status {}">{}</span>', story.status, story.get_status_display())

    @admin.display(description="publish time", ordering="published_at")
    def time(self, story):
        # One line where there is room, date above time where there is not.
        return f"{localtime(story.published_at):%-d\N{NO-BREAK SPACE}%b\N{NO-BREAK SPACE}%Y, %H:%M}"

    def view_on_site(self, story):
        """Readers can open what is published; everything else has its preview.

        The link carries a bookmark: whoever gets it, with or without this browser's cookie, sees what is saved now.
        """
        return with_bookmark(story.get_absolute_url()) if story.status == Story.Status.PUBLISHED else None

    def get_queryset(self, request):
        return super().get_queryset(request).defer("search")

    def get_search_results(self, request, queryset, search_term):
        return find_stories(queryset, search_term), False

    def get_urls(self):
        address = path(
            "<int:pk>/preview/",
            self.admin_site.admin_view(preview),
            {"model_admin": self},
            name="backoffice_story_preview",
        )
        return [address, *super().get_urls()]
