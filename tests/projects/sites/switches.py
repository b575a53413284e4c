"""What libraries cache for everybody: waffle, constance. No visitor may fill such a cache with the past."""

from bare import caught_up, found, paused, project, tables, visitor

project(
    "waffle",
    "constance",
    CONSTANCE_BACKEND="constance.backends.database.DatabaseBackend",
    CONSTANCE_DATABASE_CACHE_BACKEND="default",
    CONSTANCE_CONFIG={"GREETING": ("hello", "")},
)

from constance import config
from django.http import HttpResponse
from django.urls import path
from waffle import flag_is_active, sample_is_active, switch_is_active
from waffle.models import Flag, Sample, Switch


def page(request):
    on = [switch_is_active("s"), flag_is_active(request, "f"), sample_is_active("a")]
    return HttpResponse(f"{on} {config.GREETING}")


urlpatterns = [path("", page)]
tables()
assert found() == []
switch, flag, sample = Switch(name="s"), Flag(name="f", everyone=False), Sample(name="a", percent=0)
for row in (switch, flag, sample):
    row.save()
config.GREETING = "hello"
caught_up()
with paused():
    switch.active, flag.everyone, sample.percent = True, True, 100
    for row in (switch, flag, sample):
        row.save()
    config.GREETING = "good day"
    first = visitor().get("/").content  # fills the caches
caught_up()
later = visitor().get("/").content
assert first == later == b"[True, True, True] good day", (first, later)
