# conditions.py | both numbers are above 0
REPLICAS_BEHIND = 1
SECONDS_BEHIND = 0.0
