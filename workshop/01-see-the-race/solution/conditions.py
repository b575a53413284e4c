"""One replica keeps up, the other does not: the save comes and goes with each reload."""

REPLICAS_BEHIND = 1  # of 2
SECONDS_BEHIND = 1.0
