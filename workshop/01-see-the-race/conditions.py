"""WRONG ON PURPOSE: as shipped no replica lags, and so the wrong router looks right. Change the two numbers."""

REPLICAS_BEHIND = 0  # of 2
SECONDS_BEHIND = 0.0
