"""The site's WSGI entry point; with NO_REPEATS=1 no page is made again, with NO_CLOCK=1 nobody looks at the time,
with NO_TIMELINES=1 whichever primary libpq finds will do.
"""

from contextlib import nullcontext

from config.settings import flag
from config.wsgi import application
from routing.survival import clock, connecting, primary, start_over

if flag("NO_REPEATS"):
    start_over.REPEATS = 0
if flag("NO_CLOCK") or flag("PUBLISHED"):
    clock.Wait = lambda *arguments: nullcontext()
    connecting._connect_within = lambda connection, connect, seconds, params: connect(params)
if flag("NO_TIMELINES"):
    primary.connect = lambda connection, make, params: make(params)

__all__ = ["application"]
