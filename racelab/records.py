"""What a race leaves to be kept: its figures, and the first round of a router that went wrong. A race is kept until
twenty others have been run. There is nothing secret in them: whoever has the link may look.
"""

import csv

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from . import lanes, runs, sequence

_FIGURES = ["rounds", "saved", "tried", "lost_logins", "not_found", "news", "stale", "looks", "errors", "on_replicas"]
_FIGURES += ["page_time", "save_time"]


def _race(number):
    if run := runs.find(number):
        return run
    raise Http404("That race is not kept any more.")


def _events(number, router):
    run = _race(number)
    if router not in run["histories"]:
        raise Http404("Nothing went wrong with that router.")
    return run, run["histories"][router]


def _download(response, name):
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@never_cache
@require_safe
def race_json(request, number):
    return _download(JsonResponse(_race(number)), f"race-{number}.json")


@never_cache
@require_safe
def race_csv(request, number):
    run = _race(number)
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    rows = csv.writer(response)
    rows.writerow(["router", *_FIGURES, *(f"{name}_seconds_late" for name in run["lags"])])
    for router, result in run["results"].items():
        rows.writerow([router, *(result[name] for name in _FIGURES), *run["lags"].values()])
    return _download(response, f"race-{number}.csv")


def _title(router):
    return f"The first round that went wrong with the router “{lanes.label(router)}”"


@never_cache
@require_safe
def round_page(request, number, router):
    run, events = _events(number, router)
    return render(
        request,
        "racelab/round.html",
        {
            "run": run,
            "router": router,
            "label": lanes.label(router),
            "lags": run["lags"],
            "drawing": mark_safe(sequence.svg(events, _title(router))),  # a template's, which escapes
            "sentences": [(sequence.in_words(event), event.get("is_wrong")) for event in events],
        },
    )


@never_cache
@require_safe
def round_svg(request, number, router):
    _, events = _events(number, router)
    drawing = HttpResponse(sequence.svg(events, _title(router)), content_type="image/svg+xml")
    return _download(drawing, f"round-{number}-{router}.svg")


@never_cache
@require_safe
def round_json(request, number, router):
    run, events = _events(number, router)
    about = {"race": number, "router": router, "lags": run["lags"], "events": events}
    return _download(JsonResponse(about), f"round-{number}-{router}.json")
