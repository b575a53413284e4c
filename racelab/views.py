"""The lab's page, its state for who looks, and its controls for the demo's superuser."""

from functools import wraps

from django.core import signing
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from backoffice.models import Section, Story
from routing import primary
from routing.conf import conf

from . import controls, lease, nodes, runs
from .dispatch import ROUTERS

WORKDAY = 12 * 3600  # seconds that a page may stay open
_ticket = signing.TimestampSigner(salt="racelab.ticket")


def _control(view):
    """A control: by POST, by the superuser. What goes wrong comes back as a text to show."""

    @never_cache
    @require_POST
    @wraps(view)
    def checked(request, *args, **kwargs):
        if not request.user.is_superuser:
            return JsonResponse({"error": "The lab needs the demo's superuser: log in as admin."}, status=403)
        try:
            view(request, *args, **kwargs)
        except (controls.ControlError, runs.Busy, ValueError) as error:
            return JsonResponse({"error": str(error)}, status=409)
        return JsonResponse({})

    return checked


@never_cache
@require_safe
def lab(request):
    if not request.user.is_superuser:
        return render(request, "racelab/door.html", status=403)
    routers = [name for name in request.GET.getlist("router") if name in ROUTERS] or list(ROUTERS)
    return render(
        request,
        "racelab/lab.html",
        {
            "routers": [(name, name in routers) for name in ROUTERS],
            "rounds": _number(request.GET.get("n"), 10, 1, runs.MAX_ROUNDS, int),
            "max_rounds": runs.MAX_ROUNDS,
            "primary": conf().primary,
            "replicas": [
                (name, f"{_number(request.GET.get(name), 2 * (name == conf().replicas[-1]), 0, 10, float):g}")
                for name in conf().replicas
            ],
            "max_seconds": controls.MAX_SECONDS,
            "ticket": _ticket.sign("look"),
        },
    )


@never_cache
@require_safe
def state(request):
    """The nodes and the race. Who has the page has a ticket: a look asks no database who is looking."""
    try:
        _ticket.unsign(request.headers.get("X-Ticket", ""), max_age=WORKDAY)
    except signing.BadSignature as error:
        raise Http404 from error
    return JsonResponse({"nodes": nodes.look(), "run": runs.latest(), "held": lease.held()})


@_control
def replica(request, name):
    alias = controls.alias_of(name)
    lease.hold(alias)
    if "seconds" in request.POST:
        controls.set_lag(alias, float(request.POST["seconds"]))
    if "paused" in request.POST:
        controls.set_paused(alias, request.POST["paused"] == "yes")


@_control
def keep(request):
    lease.keep()


@_control
def release(request):
    """The page is closed. A race that is still run holds the lease itself."""
    if not runs.is_running():
        lease.release()


@_control
def write(request):
    """Write a row that can be watched on its way: a draft, which no reader sees, and which goes with the lease."""
    lease.hold()
    text = f"Saved at {timezone.now():%H:%M:%S.%f}"[:-5]
    with primary():
        section = Section.objects.first()
        if section is None:
            raise ValueError("The paper has no section. Run: python manage.py load_demo")
        Story.objects.update_or_create(slug=nodes.ROW, defaults={"headline": text, "section": section})


@_control
def run(request):
    routers = [name for name in request.POST.getlist("router") if name in ROUTERS]
    if not routers:
        raise ValueError("Choose a router.")
    rounds = _number(request.POST.get("n"), 10, 1, runs.MAX_ROUNDS, int)
    lags = {name: _number(request.POST.get(name), 0, 0, controls.MAX_SECONDS, float) for name in conf().replicas}
    # The port that this process listens on: behind Docker's published port it is another than the browser's.
    runs.start(f"http://127.0.0.1:{request.META['SERVER_PORT']}", routers, rounds, lags)


@_control
def stop(request):
    runs.stop()


def _number(text, default, least, most, kind):
    try:
        number = kind(text)
    except (TypeError, ValueError):
        return default
    return default if number != number else min(max(number, least), most)  # NaN is not even itself
