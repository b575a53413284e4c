"""The admin: where editors write. Everything below /admin/ reads from the primary, so they see what they wrote."""

from django.contrib import admin

from . import catalogue, stories

__all__ = ["catalogue", "stories"]

admin.site.site_header = "The Daily Replica · Back office"
admin.site.site_title = "The Daily Replica · Back office"
admin.site.index_title = "What is in the paper"
