"""Runs wrk, the load generator, against one page of a site, and reads what it prints."""

import re
import subprocess
from dataclasses import dataclass

_UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60000.0}


@dataclass(frozen=True)
class Load:
    a_second: float
    middle: float  # milliseconds: half of the pages took less
    slow: float  # … 99 % of them
    pages: int


def load(address, connections, seconds):
    """Ask for a page over so many kept connections, for so many whole seconds.

    Raises RuntimeError if any answer is no page, or if there is none.
    """
    command = ["wrk", "--threads", "1", "--connections", connections, "--latency", "--timeout", "10s"]
    command += ["--duration", f"{seconds}s", address]
    text = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=True).stdout
    if bad := re.search(r"Non-2xx.*|Socket errors.*", text):
        raise RuntimeError(f"{address}: {bad.group()}")
    pages = int(re.search(r"(\d+) requests in", text)[1])
    if not pages:
        raise RuntimeError(f"{address}: no page within {seconds} s.")
    return Load(
        float(re.search(r"Requests/sec:\s+([\d.]+)", text)[1]),
        _milliseconds(text, 50),
        _milliseconds(text, 99),
        pages,
    )


def _milliseconds(text, percent):
    number, unit = re.search(rf"^\s+{percent}%\s+([\d.]+)(us|ms|s|m)\s*$", text, re.M).groups()
    return float(number) * _UNITS[unit]
