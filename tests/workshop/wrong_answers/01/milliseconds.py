# conditions.py | by 0 to 10 seconds
REPLICAS_BEHIND = 1
SECONDS_BEHIND = 1000
