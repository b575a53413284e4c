"""The addresses of the lab. None where DEMO is off."""

from django.conf import settings
from django.urls import path

from . import records, views

urlpatterns = (
    [
        path("", views.lab, name="lab"),
        path("state/", views.state, name="lab_state"),
        path("keep/", views.keep, name="lab_keep"),
        path("release/", views.release, name="lab_release"),
        path("write/", views.write, name="lab_write"),
        path("run/", views.run, name="lab_run"),
        path("stop/", views.stop, name="lab_stop"),
        path("race/<slug:number>.json", records.race_json, name="lab_race_json"),
        path("race/<slug:number>.csv", records.race_csv, name="lab_race_csv"),
        path("round/<slug:number>/<slug:router>/", records.round_page, name="lab_round"),
        path("round/<slug:number>/<slug:router>.svg", records.round_svg, name="lab_round_svg"),
        path("round/<slug:number>/<slug:router>.json", records.round_json, name="lab_round_json"),
        path("replica/<slug:name>/", views.replica, name="lab_replica"),
    ]
    if settings.DEMO
    else []
)
