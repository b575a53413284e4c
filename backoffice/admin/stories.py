"""Stories in the admin: the list, the form, corrections beside it, and a preview."""

import re
from contextlib import suppress

from django.contrib import admin
from django.db import models
from django.urls import path
from django.utils.html import format_html
from django.utils.timezone import localtime

from backoffice.kept_text import keep_text, keeps_text
from backoffice.models import Correction, Story
from backoffice.searching import find_stories
from routing.bookmarks import with_bookmark

from .forged import RefusesForgedFields
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
class StoryAdmin(RefusesForgedFields, admin.ModelAdmin):
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

    def get_object(self, request, object_id, from_field=None):
        """Whoever saves locks the story. Of two that save at once, the second sees what the first one saved."""
        story = super().get_object(request, object_id, from_field)
        if story and request.method == "POST":
            with suppress(Story.DoesNotExist):  # deleted a moment ago
                story.refresh_from_db(from_queryset=self.get_queryset(request).select_for_update(of=["self"]))
                return story
        request.story_is_gone = request.method == "POST"
        return None if request.story_is_gone else story

    def change_view(self, request, object_id, *args, **kwargs):
        if request.method == "POST" and _corrections_are_gone(request.POST, object_id):
            text = "Someone has deleted a correction of it since you opened the form. Nothing of yours is saved yet."
            return keep_text(request, "This story has changed", text, status=409)
        response = super().change_view(request, object_id, *args, **kwargs)
        if getattr(request, "story_is_gone", False):
            text = "Someone has deleted it since you opened the form. To bring it back, add it as a new story."
            return keep_text(request, "This story is gone", text, status=409)
        return response

    def get_urls(self):
        view = self.admin_site.admin_view(preview)
        addresses = [
            path("preview/", view, {"model_admin": self}, name="backoffice_story_preview_new"),
            path("<int:pk>/preview/", view, {"model_admin": self}, name="backoffice_story_preview"),
            *super().get_urls(),
        ]
        for address in addresses:
            address.callback = keeps_text(address.callback)
        return addresses


def _corrections_are_gone(posted, object_id):
    """Django shows no error for a row beside the story that was deleted meanwhile, and saves nothing, ever."""
    shown = {
        value for name, value in posted.items() if re.fullmatch(r"corrections-\d+-id", name) and value.isdecimal()
    }
    if not shown or not object_id.isdecimal():
        return False
    return bool(shown - {str(pk) for pk in Correction.objects.filter(story=object_id).values_list("pk", flat=True)})
