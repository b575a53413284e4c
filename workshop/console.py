"""What a learner sees in the terminal: what is being done right now, and the answer in the end."""

import sys

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from .verdict import NotYet

console = Console(highlight=False)
_columns = SpinnerColumn(), TextColumn("[dim]{task.description}", markup=True), TimeElapsedColumn()
# The one live line. What a learner's print() writes meanwhile appears above it.
_progress = Progress(*_columns, console=console, transient=True, redirect_stderr=False)


def doing(what: str) -> None:
    """Tell what happens now: a line that moves in a terminal, a plain line on stderr elsewhere."""
    if not console.is_terminal:
        print(f"… {what}", file=sys.__stderr__, flush=True)
    elif _progress.tasks:
        _progress.update(_progress.tasks[0].id, description=what)
    else:
        _progress.add_task(what)
        _progress.start()


def quiet() -> None:
    """Take the moving line away: what it told has ended."""
    if _progress.tasks:
        _progress.stop()
        _progress.remove_task(_progress.tasks[0].id)


def say_done(what: str, reached: str) -> None:
    quiet()
    console.print(Text.assemble(what, " ", ("done", "bold green"), f" — {reached}"), soft_wrap=not console.is_terminal)


def say_not_yet(what: str, problem: NotYet) -> None:
    quiet()
    console.print(Text.assemble(what, " ", ("not yet", "bold yellow")))
    table = Table.grid(padding=(0, 2))
    for name, text in (("seen", problem.seen), ("expected", problem.expected), ("look at", problem.look)):
        table.add_row(Text(f"  {name}", "bold"), Text(text))
    console.print(table)
