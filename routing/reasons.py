"""Why a query goes where it goes: the reasons of the table in router.py, each with the number of its rule."""

from enum import StrEnum


class Reason(StrEnum):
    """A reason, as Server-Timing names it. `rule` is its number in the table; a write has none."""

    rule: int | None

    def __new__(cls, text: str, rule: int | None) -> "Reason":
        reason = str.__new__(cls, text)
        reason._value_, reason.rule = text, rule
        return reason

    SAME_ROW = "same row", 2
    PINNED_MODEL = "pinned model", 3
    OVERRIDE = "override", 4
    NO_REQUEST = "no request", 5
    TRANSACTION = "transaction", 6
    PRIMARY_PATH = "primary path", 7
    UNSAFE_METHOD = "unsafe method", 8
    WROTE_BEFORE = "wrote before", 8
    BOOKMARK = "bookmark", 9
    PUBLIC_PATH = "public path", 10
    NO_REPLICA = "no replica", 10
    WRITE = "write", None


def rule_of(reason: str) -> int | None:
    """Return the number of a reason's rule. None for a write, and for a reason that another router gave."""
    return reason.rule if isinstance(reason, Reason) else None
