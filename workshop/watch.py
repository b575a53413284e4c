"""The watch mode: checks a chapter each time it is saved, shows what was changed, and goes on to the next one."""

import difflib
import itertools
from collections.abc import Callable

from rich.text import Text
from watchfiles import watch

from .chapters import Chapter
from .console import console

COLOURS = {"+": "green", "-": "red"}


def watch_chapters(todo: list[Chapter], check: Callable[[Chapter], bool]) -> None:
    """Lead through chapters. `check` checks one, shows the answer, and returns whether it is done.

    Returns when all are done; Ctrl-C ends it before.
    """
    for chapter in todo:
        introduce(chapter)
        for before, after in saves(chapter):
            show_changes(before, after)
            if check(chapter):
                break
            console.print("Waiting for your next save. Ctrl-C ends.\n", style="dim")
    console.print("That was all.", style="bold green")


def introduce(chapter: Chapter) -> None:
    console.rule(f"[bold]{chapter.title}", align="left")
    console.print(f"Goal: {chapter.goal}\nRead {chapter.page}, predict, then run:")
    console.print(f"    make workshop-run N={chapter.number}", style="bold")
    console.print("Each save in its folder is checked here. Ctrl-C ends.\n", style="dim")


def saves(chapter: Chapter):
    """Give what the files said before, and what they say now, after each save that changed one.

    What is compared is what was checked, so a save during a check isn't missed.
    """
    before = chapter.texts()
    for _ in itertools.chain([None], watch(chapter.folder)):
        if (after := chapter.texts()) != before:
            yield before, after
            before = after


def show_changes(before: dict[str, str], after: dict[str, str]) -> None:
    for name in sorted({*before, *after}):
        old, new = (texts.get(name, "").splitlines() for texts in (before, after))
        lines = list(difflib.unified_diff(old, new, n=0, lineterm=""))[2:]
        if lines:
            console.print(name, style="bold")
        for line in lines:
            console.print(Text(f"  {line}", COLOURS.get(line[0], "dim")))
