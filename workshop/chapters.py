"""The chapters: where they lie, and how one is run, in a process with settings of its own."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from cluster.local import Cluster
from cluster.temporary import temporary_cluster

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True)
class Chapter:
    folder: Path

    @property
    def number(self) -> str:
        return self.folder.name[:2]

    @property
    def title(self) -> str:
        return (self.folder / "README.md").read_text().partition("\n")[0].lstrip("# ")

    def start(self, cluster: Cluster, action: str, solution: bool = False, output: int | None = None):
        """Do `action`, "run" or "check", with the learner's files or with the solution's; return the process."""
        return subprocess.run(
            [sys.executable, "-m", "workshop.lesson", self.folder, action, *(["--solution"] if solution else [])],
            cwd=HERE.parent,
            env=_environment(cluster) | {"WORKSHOP_PORT": str(cluster.primary.port)},
            text=True,
            check=False,
            stdout=output,
            stderr=output and subprocess.STDOUT,
        )


def chapters() -> list[Chapter]:
    return [Chapter(folder) for folder in sorted(HERE.glob("[0-9][0-9]-*"))]


@contextmanager
def learners_cluster() -> Iterator[Cluster]:
    """A cluster of the lesson's own, with the newspaper's tables in it."""
    with redirect_stderr(StringIO()), temporary_cluster() as cluster:
        command = [sys.executable, "manage.py", "migrate", "--verbosity=0"]
        subprocess.run(command, cwd=HERE.parent, env=_environment(cluster), check=True)
        yield cluster


def _environment(cluster: Cluster) -> dict[str, str]:
    names = {"DEMO": "1", "CLUSTER_DIRECTORY": str(cluster.directory)}
    return {name: value for name, value in os.environ.items() if not name.startswith("DJANGO_")} | {
        **names,
        **cluster.environment(),
    }
