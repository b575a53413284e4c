"""The keys of `ROUTING` that this layer adds."""

from dataclasses import dataclass

from ..conf import reader_of


@dataclass(frozen=True, slots=True)
class Conf:
    probe_interval: float = 1.0  # seconds
    max_lag: float = 10.0  # seconds
    replica_timeout: int = 400  # milliseconds
    primary_reads: int = 4  # requests at a time


conf = reader_of(Conf)
