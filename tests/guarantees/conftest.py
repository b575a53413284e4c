"""Two sizes: half an hour (`make guarantees`), and a minute (`make guarantees QUICK=1`). Both print their figures."""

import os

import pytest
from rich.console import Console
from rich.table import Table

FULL = not os.environ.get("QUICK")
_tables = pytest.StashKey[dict]()


@pytest.fixture
def size():
    """A function that gives one of two numbers: of the small size, and of the full one."""
    return lambda small, full: full if FULL else small


@pytest.fixture
def report(pytestconfig):
    """A function that adds a row, a dict of texts by column, to the table of that title."""
    tables = pytestconfig.stash.setdefault(_tables, {})
    return lambda title, **row: tables.setdefault(title, []).append(row)


def pytest_terminal_summary(config):
    for title, rows in sorted(config.stash.get(_tables, {}).items()):
        table = Table(title=title, title_justify="left", box=None, header_style="bold", pad_edge=False)
        for column in rows[0]:
            table.add_column(column.replace("_", " "), justify="left" if column == "router" else "right")
        for row in rows:
            table.add_row(*(f"{value:,}" if isinstance(value, int) else str(value) for value in row.values()))
        Console(width=120).print("\n", table)
