# conditions.py | Let one of the two keep up
REPLICAS_BEHIND = 2
SECONDS_BEHIND = 1.0
