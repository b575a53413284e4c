"""The addresses of the lab. None where DEMO is off."""

from django.conf import settings
from django.urls import path

from . import views

urlpatterns = (
    [
        path("", views.lab, name="lab"),
        path("state/", views.state, name="lab_state"),
        path("keep/", views.keep, name="lab_keep"),
        path("release/", views.release, name="lab_release"),
        path("write/", views.write, name="lab_write"),
        path("run/", views.run, name="lab_run"),
        path("stop/", views.stop, name="lab_stop"),
        path("replica/<slug:name>/", views.replica, name="lab_replica"),
    ]
    if settings.DEMO
    else []
)
