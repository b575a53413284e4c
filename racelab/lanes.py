"""The lanes of a race: each router's name, and what it does in a sentence; and the races that are one click away."""

from typing import NamedTuple

from routing.conf import conf

from . import yours
from .dispatch import OURS, YOURS

DEFAULT = ["naive", "published", OURS]


class Lane(NamedTuple):
    label: str
    about: str


_LANES = {
    "naive": Lane("naive", "reads everything from any replica"),
    "published": Lane("published", "reads the admin from the primary, all else from any replica"),
    "pinned": Lane("pinned for 2 s", "reads from the primary for two seconds after each save, then from any replica"),
    "multidb": Lane("pinned for 15 s", "the same for fifteen seconds, as django-multidb-router does"),
    "waiting": Lane("remote_apply", "lets every save wait until all replicas have it, as synchronous_commit would"),
    YOURS: Lane("yours", "your own router.py"),
    OURS: Lane("ours", "the router of this project"),
}


def known():
    """Return the lanes that can race now, by name. A learner's own is among them if its file is there."""
    return {name: lane for name, lane in _LANES.items() if name != YOURS or yours.is_there()}


def presets():
    """Return the races that are one click away: a text, and each replica's seconds."""
    first, *others = conf().replicas
    return [
        ("One replica 1 s late", {first: 0, **dict.fromkeys(others, 1)}),
        ("Both half a second", dict.fromkeys(conf().replicas, 0.5)),
        ("Both 3 s late", dict.fromkeys(conf().replicas, 3)),
    ]


def label(name):
    """Return a router's name for people."""
    return _LANES[name].label if name in _LANES else name
