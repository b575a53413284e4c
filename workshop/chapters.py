"""The chapters: where they are, and how one is run, in its own process, with its own settings."""

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from cluster.local import Cluster
from cluster.temporary import temporary_cluster

from .console import doing, quiet

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Chapter:
    folder: Path

    @property
    def number(self) -> str:
        return self.folder.name[:2]

    @property
    def page(self) -> str:
        """Where the learner reads, as seen from the project's folder."""
        return f"workshop/{self.folder.name}/README.md"

    @property
    def title(self) -> str:
        return self._text.partition("\n")[0].lstrip("# ")

    @property
    def goal(self) -> str:
        return re.search(r"\*\*Goal: (.*?)\*\*", self._text, re.DOTALL)[1]

    @property
    def _text(self) -> str:
        return (self.folder / "README.md").read_text()

    def texts(self) -> dict[str, str]:
        """Return what the chapter's Python files say, by name."""
        return {path.name: path.read_text(errors="replace") for path in sorted(self.folder.glob("*.py"))}

    def fingerprint(self) -> str:
        return hashlib.sha256(repr(self.texts()).encode()).hexdigest()

    def start(self, cluster: Cluster, action: str, *flags: str, output: int | None = None):
        """Do `action`, "run" or "check", and return the process.

        Flags: --solution takes the solution's files, --silent answers with the exit status alone.
        """
        return subprocess.run(
            [sys.executable, "-m", "workshop.lesson", self.folder, action, *flags],
            cwd=HERE.parent,
            env=_environment(cluster) | {"WORKSHOP_PORT": str(cluster.primary.port)},
            text=True,
            check=False,
            stdout=output,
            stderr=output,
        )


def chapters() -> list[Chapter]:
    return [Chapter(folder) for folder in sorted(HERE.glob("[0-9][0-9]-*"))]


class _Said(StringIO):
    """Where the cluster's commands write: each of their lines is what is being done now."""

    def write(self, text: str) -> int:
        if text.strip():
            doing(text.removeprefix("cluster: ").strip())
        return len(text)


@contextmanager
def learners_cluster() -> Iterator[Cluster]:
    """The lesson's own cluster, with the newspaper's tables in it."""
    doing("starting three PostgreSQL servers, for this lesson alone")
    with redirect_stderr(_Said()), temporary_cluster() as cluster:
        doing("making the newspaper's tables")
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(command, cwd=HERE.parent, env=_environment(cluster), check=True)
        quiet()
        yield cluster
        doing("stopping the servers")
    quiet()


def _environment(cluster: Cluster) -> dict[str, str]:
    names = {"DEMO": "1", "CLUSTER_DIRECTORY": str(cluster.directory)}
    return {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")} | {
        **names,
        **cluster.environment(),
    }
