"""What the first start makes on the primary: the newspaper's database, and the roles."""

from .binaries import PASSWORD
from .node import DATABASE, SHARED, Node


def prepare(primary: Node) -> None:
    """Make the database and the roles, unless an earlier start got so far."""
    done = primary.data / "prepared"
    if done.exists():
        return
    if not primary.ask(f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"):
        primary.ask(f"CREATE DATABASE {DATABASE}")
    variables = [f"--set={role}_password={PASSWORD}" for role in ("app", "reader", "replicator")]
    sql = (SHARED / "roles.sql").read_text()
    primary.programs.run(
        "psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", *variables, primary.url(), text=sql
    )
    done.touch()
