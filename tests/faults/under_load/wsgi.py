"""The site's WSGI entry point; with NO_REPEATS=1 without failing over, with NO_CLOCK=1 without a deadline,
with NO_TIMELINES=1 with whichever primary libpq finds.
"""

from config.settings import flag
from config.wsgi import application
from routing import deadline, failover

if flag("NO_REPEATS"):
    failover.REPEATS = 0
if flag("NO_CLOCK") or flag("PUBLISHED"):
    deadline._limit = lambda connection: None
if flag("NO_TIMELINES"):
    deadline.connect_primary = lambda dsn, make: make(dsn)

__all__ = ["application"]
