"""What a check raises when a chapter isn't solved yet: three sentences a learner can act on."""


class NotYet(Exception):
    """What was seen, what was expected instead, and where to look."""

    def __init__(self, seen: str, expected: str, look: str) -> None:
        super().__init__(seen)
        self.seen, self.expected, self.look = seen, expected, look
