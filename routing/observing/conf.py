"""The keys of `ROUTING` that this layer adds."""

from dataclasses import dataclass

from ..conf import reader_of


@dataclass(frozen=True, slots=True)
class Conf:
    explain: bool = False
    metrics: bool = False


conf = reader_of(Conf)
