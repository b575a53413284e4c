"""What fits where."""

DECISIONS = {
    "newspaper": "path",
    "api": "using",
    "forum": "path",
    "seats": "every",
    "worker": "path",  # no request: the primary. A bookmark handed over lets a replica do it: with replica(after=…)
}
