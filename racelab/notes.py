"""What the lab must not forget, in small files that every process finds: who holds what back, and the races' results.

Not in the cache, which may drop what it likes. A change is made by one at a time, across threads and processes.
"""

import fcntl
import hashlib
import json
import os
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connections

from routing.conf import conf


def folder():
    """Return where the notes lie: beside the cache, one folder for each cluster."""
    settings_of = [connections[alias].settings_dict for alias in aliases()]
    servers = [(each["HOST"], each["PORT"]) for each in settings_of]
    name = hashlib.sha256(repr(servers).encode()).hexdigest()[:12]
    beside = settings.CACHES["default"].get("LOCATION") or settings.BASE_DIR / ".local" / "cache"
    return Path(beside) / "racelab" / name


def aliases():
    """Return the primary and its replicas."""
    return [conf().primary, *conf().replicas]


def read(name):
    """Return the note `name`, or {} if there is none."""
    try:
        return json.loads((folder() / f"{name}.json").read_text())
    except FileNotFoundError:
        return {}


@contextmanager
def changed(name):
    """Give the note `name` to be changed, while everybody else who wants to change it waits. Kept also on an error."""
    place = folder()
    place.mkdir(parents=True, exist_ok=True)
    with open(place / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        note = read(name)
        try:
            yield note
        finally:
            written = place / f"{name}.part"
            written.write_text(json.dumps(note))
            os.replace(written, place / f"{name}.json")


def delete(name):
    """Forget the note `name`."""
    for ending in ("json", "lock"):
        (folder() / f"{name}.{ending}").unlink(missing_ok=True)
