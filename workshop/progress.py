"""Keeps which chapters are done, so that only what has changed since is checked again."""

import json
from pathlib import Path

from .chapters import HERE, Chapter
from .console import console

KEPT = HERE.parent / ".local" / "workshop.json"


class Progress:
    """The last answer of each chapter. It counts for as long as the learner's files are what was checked."""

    def __init__(self, path: Path = KEPT) -> None:
        self.path = path

    def last(self, chapter: Chapter) -> bool | None:
        """Return whether the chapter was done when its files were last checked; None if they never were."""
        match self._read().get(chapter.number):
            case {"files": files, "done": bool(done)} if files == chapter.fingerprint():
                return done
        return None

    def keep(self, chapter: Chapter, files: str, done: bool) -> None:
        """Keep an answer about those `files`, a fingerprint.

        A folder that can't be written to costs the learner a check next time, not the answer.
        """
        kept = self._read() | {chapter.number: {"files": files, "done": done}}
        try:
            self.path.parent.mkdir(exist_ok=True)
            self.path.write_text(json.dumps(kept, indent=1))
        except OSError as error:
            console.print(f"workshop: your progress isn't kept: {error}. Give yourself the folder.", style="yellow")

    def _read(self) -> dict[str, dict]:
        try:
            kept = json.loads(self.path.read_text())
        except (OSError, ValueError):
            return {}
        return kept if isinstance(kept, dict) else {}
