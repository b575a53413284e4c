"""Two sizes of the same measurements: the full one, and with QUICK=1 a small one that shows that all of it runs."""

import os

QUICK = os.environ.get("QUICK", "") not in ("", "0")


def size(quick, full):
    return quick if QUICK else full
