"""What the first start makes on the primary: the newspaper's database, and the roles."""

import hashlib

from .binaries import PASSWORD
from .node import DATABASE, SHARED, Node


def prepare(primary: Node) -> None:
    """Create the database and the roles, unless an earlier start has created the same ones."""
    sql = (SHARED / "roles.sql").read_text()
    done, version = primary.data / "prepared", hashlib.sha256(sql.encode()).hexdigest()
    if done.exists() and done.read_text() == version:
        return
    if not primary.ask(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
        primary.ask(f"CREATE DATABASE {DATABASE}")
    variables = [f"--set={role}_password={PASSWORD}" for role in ("app", "reader", "replicator", "lab")]
    primary.programs.run(
        "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *variables, primary.url(), text=sql
    )
    primary.programs.write(done, version)  # pg_rewind, which runs as the servers' user, replaces it
