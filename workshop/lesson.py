"""The process of one chapter: sets Django up with the learner's files, and runs the chapter's check.py.

A check is a function `check(lab)`. It raises NotYet, or returns what the learner has reached.
"""

import argparse
import os
import signal
import sys
import traceback
from pathlib import Path

from .console import console, doing, quiet, say_done, say_not_yet
from .mistakes import explain
from .verdict import NotYet

LIMIT = int(os.environ.get("WORKSHOP_LIMIT", 120))  # seconds; the slowest check takes a quarter of that


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m workshop.lesson")
    parser.add_argument("folder", type=Path)
    parser.add_argument("action", choices=["run", "check"])
    parser.add_argument("--solution", action="store_true")
    parser.add_argument("--silent", action="store_true", help="answer with the exit status alone")
    given = parser.parse_args()
    learners = given.folder / "solution" if given.solution else given.folder
    sys.path[:0] = map(str, dict.fromkeys([learners, given.folder]))
    console.quiet = given.silent and not console.is_terminal
    name = f"chapter {given.folder.name[:2]}:"
    try:
        reached = _start(given.action)
        if given.action == "check" and not given.silent:
            say_done(name, reached)
        return 0
    except Exception as error:
        problem = error if isinstance(error, NotYet) else explain(error, learners)
        if not given.silent:
            say_not_yet(name, problem)
            if problem.__cause__:  # nothing of the learner's: whoever mends the workshop needs it all
                traceback.print_exception(problem.__cause__)
        return 1
    finally:
        quiet()


def _start(action: str) -> str | None:
    signal.signal(signal.SIGALRM, _stop_waiting)
    signal.alarm(LIMIT)
    doing("starting Django with your files")
    os.environ["DJANGO_SETTINGS_MODULE"] = "workshop.settings"
    import django

    django.setup()
    import check  # the chapter's: it needs Django set up

    from .lab import Lab

    return getattr(check, action)(Lab())


def _stop_waiting(number, frame):
    raise TimeoutError(f"still busy after {LIMIT} s")


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
