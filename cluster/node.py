"""One server of the cluster: made, started, stopped, asked."""

import os
import re
import shutil
import signal
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import psycopg2

from . import processes
from .binaries import LOCAL, PASSWORD, Programs
from .errors import ClusterError

SHARED = Path(__file__).resolve().parent
DATABASE = "newspaper"
_WHEN = re.compile(r"^\S+ \S+ \S+ \[\d+\] ")  # the time and process that begin a line of the log


class Node:
    """A PostgreSQL server on 127.0.0.1. Its data lies in a folder of its name, its log beside it."""

    def __init__(self, name: str, port: int, programs: Programs) -> None:
        self.name = name
        self.port = port
        self.programs = programs
        self.data = programs.home.path / name
        self.log = programs.home.path / f"{name}.log"

    def url(self, user: str = "postgres", database: str = DATABASE) -> str:
        """Return the URL of one of its databases."""
        return f"postgres://{user}:{PASSWORD}@127.0.0.1:{self.port}/{database}"

    def conninfo(self, user: str) -> str:
        """Return a libpq connection string."""
        return f"host=127.0.0.1 port={self.port} user={user} password={PASSWORD}"

    @property
    def exists(self) -> bool:
        return (self.data / "PG_VERSION").exists()

    @property
    def is_standby(self) -> bool:
        return (self.data / "standby.signal").exists()

    def ask(self, sql: str, database: str = "postgres") -> Any:
        """Run one statement as superuser, and return its first row, or None. Raises ClusterError."""
        if (process := self.process()) and processes.is_frozen(process):
            raise ClusterError(f"{self.name} is frozen. Let it go on: python -m cluster thaw {self.name}.")
        try:
            connection = psycopg2.connect(self.conninfo("postgres"), dbname=database, connect_timeout=3, options=LOCAL)
        except psycopg2.OperationalError as error:
            raise ClusterError(
                f"{self.name} does not answer. Start the cluster: python -m cluster up. ({error})"
            ) from error
        try:
            connection.autocommit = True
            with connection.cursor() as cursor:
                cursor.execute(sql)
                return cursor.fetchone() if cursor.description else None
        finally:
            connection.close()

    def process(self) -> psutil.Process | None:
        """Return the server's process, or None if it does not run: the process that has this very data folder."""
        return processes.postmaster(self.data)

    def running_port(self) -> int | None:
        """Return the port of the server that runs, which a run with other settings may have started."""
        return processes.postmaster_port(self.data) if self.process() else None

    def clear_leftovers(self) -> None:
        """Remove the pid file of a server that died, and what an interrupted start left half made."""
        if self.process() is None:
            (self.data / "postmaster.pid").unlink(missing_ok=True)
        for half_made in self.data.parent.glob(f"{self.name}.part*"):
            shutil.rmtree(half_made, ignore_errors=True)

    @contextmanager
    def _making(self) -> Iterator[Path]:
        """Give a folder to make the data in. It becomes the data folder whole, or not at all.

        Its name is new each time: a program that outlived an interrupted start may still write to the last one.
        """
        half_made = Path(tempfile.mkdtemp(prefix=f"{self.name}.part", dir=self.data.parent))
        self.programs.give(half_made)
        yield half_made
        half_made.rename(self.data)

    def check_port(self) -> None:
        """Raise ClusterError if another program has our port.

        A connection that happens to go out from this port is waited for, a few seconds: Linux takes the ports of
        outgoing connections from 32768 to 60999.
        """
        for _ in range(50):
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    return probe.bind(("127.0.0.1", self.port))
                except OSError:
                    if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                        break
            time.sleep(0.1)
        raise ClusterError(
            f"Port {self.port}, for {self.name}, is in use by another program. "
            "Choose other ports with CLUSTER_PORT=54400 (the primary's; the replicas take the next two)."
        )

    def initialise(self) -> None:
        """Make an empty primary. It appears whole or not at all."""
        password = self.programs.home.path / "password"
        self.programs.write(password, PASSWORD)
        with self._making() as folder:
            self.programs.run(
                *("initdb", "--pgdata", folder, "--username=postgres", "--pwfile", password),
                *("--auth=scram-sha-256", "--encoding=UTF8", "--no-sync", "--no-instructions"),
                *("--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"),
            )
        password.unlink()

    def copy_from(self, primary: "Node") -> None:
        """Make a replica of `primary`. It appears whole or not at all."""
        with self._making() as folder:
            self.programs.run(
                *("pg_basebackup", "--pgdata", folder, "--checkpoint=fast", "--no-sync", "--no-password"),
                *("--slot", self.name, "--dbname", primary.conninfo("replicator")),
            )
            self.programs.write(folder / "standby.signal", "")

    def rewind(self, primary: "Node") -> None:
        """Take back what this server wrote and `primary` does not have, and be its replica from the next start on."""
        self.stop()
        self.clear_leftovers()
        source = f"{primary.conninfo('postgres')} dbname=postgres"
        self.programs.run("pg_rewind", "--target-pgdata", self.data, "--source-server", source, "--no-sync")
        self.programs.write(self.data / "standby.signal", "")

    def delete(self) -> None:
        """Stop the server and delete its data."""
        self.stop()
        shutil.rmtree(self.data)

    def configure(self, primary: "Node | None") -> None:
        """Write the shared settings, and this node's own. `primary` is whom it follows, if it is a replica."""
        own = [f"port = {self.port}", "listen_addresses = '127.0.0.1'", "unix_socket_directories = ''"]
        if primary:
            own.append(f"primary_conninfo = '{primary.conninfo('replicator')} application_name={self.name}'")
            own.append(f"primary_slot_name = '{self.name}'")
        if os.environ.get("SYNCHRONOUS", "0") not in ("", "0"):
            own.append("synchronous_standby_names = 'ANY 1 (primary, replica1, replica2)'")
        settings = (SHARED / "postgresql.conf").read_text() + "\n# This node\n" + "\n".join(own) + "\n"
        for name, text in (
            ("postgresql.conf", settings),
            ("pg_hba.conf", (SHARED / "pg_hba.conf").read_text()),
        ):
            self.programs.write(self.data / name, text)

    def start(self) -> None:
        """Start the server and wait until it answers. Raises ClusterError with its own reason if it does not."""
        with open(self.log, "a") as log:
            self.programs.give(self.log)
            before = log.tell()
        try:
            self.programs.run("pg_ctl", "start", "--pgdata", self.data, "--log", self.log, "--wait", "--silent")
        except ClusterError as error:
            raise ClusterError(f"{self.name} does not start: {self._reason(before) or error}") from error

    def _reason(self, before: int) -> str:
        """Return why the server gave up, from byte `before` of its log on: its last word, and the line before it."""
        said = [_WHEN.sub("", line) for line in self.log.read_bytes()[before:].decode(errors="replace").splitlines()]
        if last := next((number for number, line in enumerate(said) if line.startswith(("FATAL", "PANIC"))), None):
            return f"{' '.join(said[last - 1 : last + 2])} (Its log: {self.log})"
        return ""

    def stop(self) -> None:
        """Stop the server, at once if it takes too long. Does nothing if it does not run."""
        for number in (signal.SIGINT, signal.SIGQUIT):  # "fast" and "immediate", as pg_ctl says
            if (process := self.process()) is None:
                return
            processes.thaw(process)  # a frozen one does not hear that it should stop
            processes.end(process, number, seconds=10)
