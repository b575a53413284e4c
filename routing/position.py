"""A place in the write-ahead log (WAL). Positions on different timelines can't be compared."""

import re
from dataclasses import dataclass

_TEXT = re.compile(r"([0-9]{1,10}):([0-9A-F]{1,8})/([0-9A-F]{1,8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Position:
    """A timeline, and a byte of its log. As text "1:0/3000060": the timeline, then PostgreSQL's pg_lsn."""

    timeline: int
    lsn: int

    def __str__(self) -> str:
        return f"{self.timeline}:{self.lsn >> 32:X}/{self.lsn & 0xFFFFFFFF:X}"

    @classmethod
    def parse(cls, text: str) -> "Position":
        """Return the position that `text` stands for. Raises ValueError if it isn't one."""
        if not (match := _TEXT.fullmatch(text)):
            raise ValueError(f"{text!r} is not a WAL position. One looks like 1:0/3000060.")
        timeline, high, low = match.groups()
        return cls(int(timeline), int(high, 16) << 32 | int(low, 16))

    def is_reached_by(self, other: "Position") -> bool:
        """Return whether `other` is on the same timeline, and here or further on."""
        return self.timeline == other.timeline and self.lsn <= other.lsn

    def is_ahead_of(self, other: "Position") -> bool:
        """Return whether this is later than `other`, in the history of a cluster that had promotions."""
        return (self.timeline, self.lsn) > (other.timeline, other.lsn)


# Nothing ever reaches it: whoever holds it reads from the primary once, and gets a new bookmark there. The later
# timeline counts, so this is the last one.
UNREACHABLE = Position(0xFFFFFFFF, 0)
