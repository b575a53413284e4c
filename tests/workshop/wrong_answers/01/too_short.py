# conditions.py | more seconds than a reload takes
REPLICAS_BEHIND = 1
SECONDS_BEHIND = 0.001
