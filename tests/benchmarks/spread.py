"""A figure and its spread: the median, and between which two values the middle half of the samples lies."""

from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True)
class Spread:
    low: float
    median: float
    high: float
    samples: int

    def text(self, digits=2):
        return f"{self.median:,.{digits}f} ({self.low:,.{digits}f} to {self.high:,.{digits}f})"


def spread(values):
    values = list(values)
    if len(values) < 2:
        return Spread(values[0], values[0], values[0], 1)
    return Spread(*quantiles(values, method="inclusive"), len(values))


def share(part, whole):
    """Percent, with what it was counted from."""
    return f"{100 * part / whole:.1f} % of {whole:,}" if whole else "none"
