"""Publish and unpublish, for many stories at once. Each leaves an entry in the story's history."""

from django.contrib import admin, messages
from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction
from django.utils.text import capfirst

from backoffice.models import Story
from backoffice.publishing import publish_now, unpublish


@admin.action(description="Publish selected stories now", permissions=["change"])
def publish_stories(model_admin, request, queryset):
    _apply(publish_now, "published", model_admin, request, queryset.exclude(status=Story.Status.PUBLISHED))


@admin.action(description="Unpublish selected stories (make them drafts)", permissions=["change"])
def unpublish_stories(model_admin, request, queryset):
    _apply(unpublish, "unpublished", model_admin, request, queryset.exclude(status=Story.Status.DRAFT))


def _apply(change, done, model_admin, request, queryset):
    with transaction.atomic():
        # Locked, so that the history names exactly those that this request changed.
        selected = Story.objects.filter(pk__in=queryset.order_by().values("pk")).order_by("pk")
        stories = list(selected.only("headline").select_for_update())
        changed = change(Story.objects.filter(pk__in=[story.pk for story in stories]))
        LogEntry.objects.log_actions(request.user.pk, stories, CHANGE, f"{capfirst(done)} by an action.")
    noun = "story was" if changed == 1 else "stories were"
    level = messages.SUCCESS if changed else messages.WARNING
    model_admin.message_user(request, f"{changed or 'No'} {noun} {done}.", level)
