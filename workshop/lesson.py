"""The process of one chapter: sets Django up with the learner's files, and runs the chapter's check.py.

A check is a function `check(lab)`: its asserts teach when they fail, and what it returns says what was reached.
"""

import argparse
import os
import sys
import traceback
from pathlib import Path

import django


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m workshop.lesson")
    parser.add_argument("folder", type=Path)
    parser.add_argument("action", choices=["run", "check"])
    parser.add_argument("--solution", action="store_true")
    given = parser.parse_args()
    folders = [given.folder / "solution", given.folder] if given.solution else [given.folder]
    sys.path[:0] = map(str, folders)
    answer = f"chapter {given.folder.name[:2]}:"
    try:
        os.environ["DJANGO_SETTINGS_MODULE"] = "workshop.settings"
        django.setup()
        import check  # the chapter's: it needs Django set up

        from .lab import Lab

        lab = Lab()
        if given.action == "run":
            check.run(lab)
        else:
            print(answer, "done —", check.check(lab))
        return 0
    except AssertionError as error:
        if not str(error):
            raise
        print(answer, "not yet —", error)
    except Exception as error:
        if not (place := _place(error, folders[0])):
            raise
        print(answer, f"not yet — {place} raises {type(error).__name__}: {str(error).partition(chr(10))[0]}")
    return 1


def _place(error: Exception, folder: Path) -> str | None:
    """Return the line of the learner's that raised, if it was one of the learner's."""
    if isinstance(error, SyntaxError) and Path(error.filename or "").parent == folder:
        return f"{Path(error.filename).name}, line {error.lineno}"
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        if Path(frame.filename).parent == folder and Path(frame.filename).name != "check.py":
            return f"{Path(frame.filename).name}, line {frame.lineno}"
    return None


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
