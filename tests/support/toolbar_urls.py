"""The site with django-debug-toolbar."""

from django.urls import include, path

urlpatterns = [path("__debug__/", include("debug_toolbar.urls")), path("", include("config.urls"))]
