"""Turns the exception that a learner's code caused into what was seen, what was expected, and where to look."""

import linecache
import re
import traceback
from pathlib import Path

from .verdict import NotYet

ROUTER = "a router that names one of 'default' (the primary), 'replica1' and 'replica2'"
IMPORTS = {
    "get_request": "from django_middleware_global_request import get_request",
    "random": "import random",
    "replica": "from routing import replica",
    "primary": "from routing import primary",
    "PrimaryCommand": "from routing import PrimaryCommand",
    "psycopg2": "import psycopg2",
    "frozen_replica": "frozen_replica is an argument of the test, next to admin_client",
}
# Error, a pattern for what it says, what was expected, where to look. {1} is the pattern's first group.
KNOWN = [
    (
        "RecursionError",
        r"",
        "a decision that reads nothing from a database",
        "{place}: request.user and request.session are queries, and Django asks the router where to run each query. "
        "It goes round in circles. Decide by the request's path alone.",
    ),
    (
        "ConnectionDoesNotExist",
        r"connection '?(\w+)'? doesn't exist",
        ROUTER,
        "{place}: {1!r} is not in DATABASES. Django calls the primary 'default'.",
    ),
    (
        "ConnectionDoesNotExist",
        r"",
        ROUTER,
        "the return lines of router.py: each gives one alias, as a string.",
    ),
    (
        "AttributeError",
        r"'NoneType' object has no attribute '(?:path|path_info|method|user|replica)'",
        "code that also works without a request",
        "{place}: get_request() is None in a command, because nobody asked for a page. Ask `request is None` first.",
    ),
    (
        "NameError",
        r"name '(\w+)' is not defined",
        "a name that the file imports or defines",
        "{place}: {hint}",
    ),
    (
        "ImportError",
        r'does not define a "Router"',
        "a class named Router in router.py",
        "router.py: the lesson's settings ask for router.Router. Keep that name.",
    ),
    (
        "AttributeError",
        r"type object '(\w+)' has no attribute '(\w+)'",
        "code that knows what it is handed",
        "{place}: Django hands over the model, here {1}, which has no {2}. The request comes from get_request().",
    ),
    (
        "AttributeError",
        r"module '(\w+)' has no attribute '(\w+)'",
        "the function that the lesson calls",
        "{1}.py: {2} is missing. Keep the names the chapter came with.",
    ),
    (
        "ImportError",
        r"cannot import name '(\w+)' from '(\w+)'",
        "the function that the lesson calls",
        "{2}.py: {1} is missing. Keep the names the chapter came with.",
    ),
    (
        "OperationalError|ObjectNotInPrerequisiteState",
        r"recovery is in progress",
        "a replica that is asked how far it has replayed",
        "{place}: only the primary can say where its log ends. Ask the replica for pg_last_wal_replay_lsn().",
    ),
    (
        "InternalError|ReadOnlySqlTransaction|ProgrammingError",
        r"read-only transaction|permission denied",
        "writes that go to the primary",
        "db_for_write in router.py: it returns 'default', always. A replica takes no writes.",
    ),
    (
        "ValueError",
        r"router prevents this relation",
        "a router that allows relations between rows of one database",
        "allow_relation in router.py: let it return True. 'default' and the replicas hold the same rows.",
    ),
    (
        "TypeError",
        r"(?:Router\.)?(\w+)\(\) (?:got an unexpected|takes|missing)",
        "a function with the arguments it came with",
        "the line `def {1}(`: the lesson or Django calls it, so keep its arguments.",
    ),
    (
        "TimeoutError",
        r"still busy",
        "an answer at once, whatever it is",
        "{place}: does this wait or loop until something becomes true? Return instead; the caller decides what to do.",
    ),
]


def explain(error: Exception, folder: Path) -> NotYet:
    """Return what to tell the learner. Its __cause__ is the error if none of the learner's lines had a part in it."""
    at = place(error, folder)
    kind, said = type(error).__name__, str(error).partition("\n")[0]
    seen = f"{at + ' raises ' if at else ''}{kind}: {said}"
    if isinstance(error, SyntaxError) and at:
        return NotYet(seen, "a file that Python can read", f"{at}, or the line above: {(error.text or '').strip()!r}")
    for kinds, pattern, expected, look in KNOWN:
        if kind in kinds.split("|") and (found := re.search(pattern, str(error))):
            words = [found[0], *found.groups()]
            line = at or _line_with(words[-1], folder)
            hint = IMPORTS.get(words[-1], "is it spelled the same way everywhere?")
            return NotYet(seen, expected, look.format(*words, place=line, hint=hint))
    if at:
        return NotYet(seen, "no exception", f"{at}: {_source(error, folder)}")
    problem = NotYet(
        seen,
        "no exception",
        "none of your lines raised it. Run `make workshop-run` for this chapter; if your files look right, the "
        "workshop has a bug, and the lines below say where.",
    )
    problem.__cause__ = error
    return problem


def _frames(error: Exception, folder: Path) -> list[traceback.FrameSummary]:
    """The learner's own lines, the innermost first."""
    frames = reversed(traceback.extract_tb(error.__traceback__))
    return [each for each in frames if Path(each.filename).parent == folder and Path(each.filename).name != "check.py"]


def place(error: Exception, folder: Path) -> str | None:
    """Return the learner's line that raised, if one did."""
    if isinstance(error, SyntaxError) and Path(error.filename or "").parent == folder:
        return f"{Path(error.filename).name}, line {error.lineno}"
    for frame in _frames(error, folder):
        return f"{Path(frame.filename).name}, line {frame.lineno}"
    return None


def _source(error: Exception, folder: Path) -> str:
    return next(f"`{linecache.getline(each.filename, each.lineno).strip()}`" for each in _frames(error, folder))


def _line_with(word: str, folder: Path) -> str:
    """Return where the learner's files say `word` in quotes. The error came later, in Django."""
    for path in sorted(folder.glob("*.py")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if path.name != "check.py" and re.search(rf"""["']{re.escape(word)}["']""", line):
                return f"{path.name}, line {number}"
    return "your file"
