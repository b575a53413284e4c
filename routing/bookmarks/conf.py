"""The keys of `ROUTING` that this layer adds."""

from dataclasses import dataclass
from typing import Literal

from ..conf import reader_of


@dataclass(frozen=True, slots=True)
class Conf:
    bookmark_wait: int = 50  # milliseconds
    bookmark_max_age: int = 3600  # seconds
    bookmark_cookie: str = "routing_bookmark"
    link_max_age: int = 300  # seconds
    monotonic_reads: Literal["writers", "everyone"] = "writers"


conf = reader_of(Conf)
