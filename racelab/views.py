"""The lab's page, its state for who looks, and its controls for the demo's superuser."""

from functools import wraps

from django.core import signing
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from backoffice.models import Section, Story
from routing import primary
from routing.conf import conf

from . import breaking, controls, lanes, lease, nodes, runs, yours
from .dispatch import YOURS

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
        request.lab_page = request.POST.get("page", "")[:40]  # each open page has a lease of its own
        try:
            view(request, *args, **kwargs)
        except (controls.ControlError, runs.Busy, yours.YourRouterError, ValueError) as error:
            return JsonResponse({"error": str(error)}, status=409)
        return JsonResponse({})

    return checked


@never_cache
@require_safe
def lab(request):
    if not request.user.is_superuser:
        return render(request, "racelab/door.html", status=403)
    known = lanes.known()
    commands, promote = breaking.commands()
    wanted = [name for name in request.GET.getlist("router") if name in known] or lanes.DEFAULT
    return render(
        request,
        "racelab/lab.html",
        {
            "lanes": [(name, lane, name in wanted) for name, lane in known.items()],
            "rounds": _number(request.GET.get("n"), 5, 1, runs.MAX_ROUNDS, int),
            "max_rounds": runs.MAX_ROUNDS,
            "presets": lanes.presets(),
            "primary": conf().primary,
            "replicas": [
                (name, f"{_number(request.GET.get(name), 0, 0, controls.MAX_SECONDS, float):g}")
                for name in conf().replicas
            ],
            "linked": any(name in request.GET for name in conf().replicas),
            "max_seconds": controls.MAX_SECONDS,
            "commands": commands,
            "promote": promote,
            "ticket": _ticket.sign("look"),
            "page": get_random_string(12),
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
    run = (runs.find(request.GET.get("run")) if "run" in request.GET else None) or runs.latest()
    if run:
        run["histories"] = list(run["histories"])  # whose there are: each has a page of its own
    return JsonResponse({"nodes": nodes.look(), "run": run, "held": lease.held()})


@_control
def replica(request, name):
    alias = controls.alias_of(name)
    if "seconds" in request.POST:
        lease.change(request.lab_page, alias, controls.set_lag, controls.seconds(request.POST["seconds"]))
    if "paused" in request.POST:
        lease.change(request.lab_page, alias, controls.set_paused, request.POST["paused"] == "yes")


@_control
def keep(request):
    lease.keep(request.lab_page)


@_control
def release(request):
    """The page is closed. Another one that is open, and a race that is still run, have leases of their own."""
    lease.release(request.lab_page)


@_control
def write(request):
    """Write a row that can be watched on its way: a draft, which no reader sees, and which goes with the lease."""
    lease.hold(request.lab_page)
    text = f"Saved at {timezone.now():%H:%M:%S.%f}"[:-5]
    with primary():
        section = Section.objects.first()
        if section is None:
            raise ValueError("The paper has no section. Run: python manage.py load_demo")
        Story.objects.update_or_create(slug=nodes.ROW, defaults={"headline": text, "section": section})


@_control
def run(request):
    routers = [name for name in request.POST.getlist("router") if name in lanes.known()]
    if not routers:
        raise ValueError("Choose a router.")
    if YOURS in routers:
        yours.router()
    lease.hold(request.lab_page)
    rounds = _number(request.POST.get("n"), 5, 1, runs.MAX_ROUNDS, int)
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
