"""Times one router's decisions, and counts the bytecode instructions of one, in this process."""

import gc
import random
import sys
from time import perf_counter_ns

import django
from django.conf import settings
from django.db import router
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.module_loading import import_string

from .deciding import READS

PUBLIC, ADMIN = "/stories/one/", "/admin/backoffice/story/"


def all_samples(calls, samples):
    django.setup()
    from backoffice.models import Story

    (chosen,) = router.routers
    first = settings.MIDDLEWARE[0]
    middleware = import_string(first) if "ecurity" not in first else lambda get_response: get_response

    def decide():
        chosen.db_for_read(Story)

    def page():
        for _ in range(READS):
            chosen.db_for_read(Story)

    found = {}
    for what, path in (("public", PUBLIC), ("admin", ADMIN)):
        _within(middleware, path, lambda what=what: found.update(_measure(what, decide, calls, samples)))
    found |= _measure("no request", decide, calls, samples)
    whole = middleware(lambda request: page() or HttpResponse())
    requests = iter([RequestFactory().get(PUBLIC) for _ in range((calls // READS) * (samples + 1) + 10)])
    return found | _measure("page", lambda: whole(next(requests)), calls // READS, samples)


def _within(middleware, path, action):
    """Run `action` as a view would run: with what the router's middleware sets up for the request."""
    middleware(lambda request: action() or HttpResponse())(RequestFactory().get(path))


def _measure(what, call, calls, samples):
    call()
    random.seed(1)
    instructions = bytecodes(call)
    _nanoseconds(call, calls)  # warm
    gc.disable()
    try:
        times = [_nanoseconds(call, calls) for _ in range(samples)]
    finally:
        gc.enable()
    return {what: times, f"{what}, bytecodes": [instructions]}


def _nanoseconds(call, calls):
    start = perf_counter_ns()
    for _ in range(calls):
        call()
    return (perf_counter_ns() - start) / calls


def bytecodes(call):
    """Count the bytecode instructions of one call."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    sys.settrace(trace)
    try:
        call()
    finally:
        sys.settrace(None)
    return count
