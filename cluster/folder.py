"""A cluster's folder, and the proof that a cluster made it: we write to and delete nothing else."""

import fcntl
import os
import pwd
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from .errors import ANOTHER, ClusterError

# Says which --directory it was made for: a link to it from elsewhere, as in a copied checkout, is not to be followed.
MARKER = "made-by-python-m-cluster"


class Folder:
    """`directory` is what the user names; `path` is where the data lies: there, or where a link of that name leads."""

    def __init__(self, directory: Path, owners: set[int]) -> None:
        self.directory = directory
        self.owners = owners  # user ids
        self.path = directory
        if directory.is_symlink():
            self.path = Path(os.path.abspath(directory.parent / directory.readlink()))

    def check(self) -> None:
        """Raise ClusterError if the folder is somebody else's: another user's, or not made by a cluster."""
        try:
            status = os.lstat(self.path)
        except FileNotFoundError:
            return
        if not self.path.is_dir() or self.path.is_symlink():
            raise ClusterError(f"{self.path} is not a folder. To go on, {ANOTHER}")
        if status.st_uid not in self.owners:
            owner = _name(status.st_uid)
            raise ClusterError(f"{self.path} belongs to {owner}. Run as {owner}, or {ANOTHER}")
        marker = self.path / MARKER
        if marker.exists():
            made_for = marker.read_text()
            if self.directory.is_symlink() and made_for != str(self.directory):
                raise ClusterError(f"{self.directory} is a link to the cluster of {made_for}. Delete the link.")
        # "prepared" is of a cluster from before there was a marker.
        elif any(self.path.iterdir()) and not (self.path / "primary" / "prepared").exists():
            raise ClusterError(f"{self.path} is not empty, and no cluster made it. To go on, {ANOTHER}")

    def make(self) -> None:
        """Make the folder, if it is missing. Raises ClusterError if it is somebody else's."""
        self.path.mkdir(parents=True, exist_ok=True)
        self.check()
        if not (self.path / MARKER).exists():
            (self.path / MARKER).write_text(str(self.directory))

    def delete(self) -> None:
        """Delete the folder, and the link to it. Raises ClusterError if it is somebody else's."""
        self.check()
        if self.path.exists():
            shutil.rmtree(self.path)
        if self.directory.is_symlink():
            self.directory.unlink()

    def open(self, name: str) -> TextIO:
        """Open a file in the folder to read and write, and make it if it is missing. A link is refused."""
        return os.fdopen(os.open(self.path / name, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o644), "r+")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep everybody else from starting or stopping this cluster in the meantime."""
        self.make()
        with self.open("lock") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("waiting for another `python -m cluster` to finish")
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield


def say(text: str) -> None:
    """Tell the person at the terminal what is happening."""
    print(f"cluster: {text}", file=sys.stderr, flush=True)


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
