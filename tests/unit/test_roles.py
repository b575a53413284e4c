"""What the role `reader` is refused in a database as production has it: no role lab, migrated without DEMO."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg2
import pytest
from psycopg2.errors import InsufficientPrivilege, ReadOnlySqlTransaction

from cluster.binaries import PASSWORD

PROJECT = Path(__file__).resolve().parents[2]
DATABASE = "as_in_production"
SECRETS = ["django_session", "auth_user", "auth_group", "axes_accessattempt", "django_admin_log"]


@pytest.fixture(scope="module")
def production(cluster):
    """The tests' cluster, with a database of that kind."""
    cluster.primary.ask(f"CREATE DATABASE {DATABASE}")
    variables = [f"--set={role}_password={PASSWORD}" for role in ("app", "reader", "replicator")]
    roles = "SET scram_iterations = 1;\n" + (PROJECT / "cluster/roles.sql").read_text()
    psql = (
        "psql",
        "--no-psqlrc",
        "--quiet",
        "--set=ON_ERROR_STOP=1",
        *variables,
        cluster.primary.url(database=DATABASE),
    )
    cluster.primary.programs.run(*psql, text=roles)
    cluster.primary.programs.run(*psql, text=roles)  # it may be run again
    environment = {name: value for name, value in os.environ.items() if name != "DEMO"} | {
        "DATABASE_URL": cluster.primary.url("app", DATABASE),
        "REPLICA_URLS": cluster.node("replica1").url("reader", DATABASE),
        "SECRET_KEY": "for-a-test-only-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "-v0"], cwd=PROJECT, env=environment, check=True, timeout=60
    )
    cluster.wait_until_replayed("replica1")
    yield cluster
    cluster.primary.ask(f"DROP DATABASE {DATABASE} (FORCE)")


@pytest.fixture
def reader(production):
    """A cursor of the role's, on a replica."""
    connection = psycopg2.connect(production.node("replica1").url("reader", DATABASE))
    connection.autocommit = True
    with connection.cursor() as cursor:
        yield cursor
    connection.close()


@pytest.fixture
def on_the_primary(production):
    """A cursor there with the reader's rights, which no login gives: what would be refused all the same?"""
    connection = psycopg2.connect(production.primary.url("postgres", DATABASE))
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SET SESSION AUTHORIZATION reader")
        yield cursor
    connection.close()


@pytest.mark.parametrize("database", [DATABASE, "newspaper", "postgres", "template1"])
def test_the_primary_is_not_for_readers(production, database):
    with pytest.raises(psycopg2.OperationalError, match="this server is the primary|permission denied for database"):
        psycopg2.connect(production.primary.url("reader", database))


def test_what_pages_are_made_of_is_read(reader):
    for table in ("story", "section", "author", "tag", "story_tags", "correction"):
        reader.execute(f"SELECT count(*) FROM backoffice_{table}")


@pytest.mark.parametrize("table", [*SECRETS, "pg_authid", "pg_shadow", "pg_statistic"])
def test_sessions_and_hashes_of_passwords_are_not(reader, table):
    with pytest.raises(InsufficientPrivilege):
        reader.execute(f"SELECT * FROM {table}")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE surprise ()",
        "CREATE TEMPORARY TABLE surprise ()",
        "SELECT lo_create(0)",
        "SELECT lo_creat(-1)",
        "SELECT lo_from_bytea(0, 'a file')",
        "SELECT lo_import('/etc/passwd')",
        "DELETE FROM backoffice_story",
        "ALTER ROLE reader CONNECTION LIMIT -1",
        "ALTER ROLE app SET statement_timeout = 0",
        "SELECT pg_read_file('/etc/passwd')",
        "COPY (SELECT 1) TO PROGRAM 'true'",
    ],
)
def test_nothing_is_made_changed_or_lifted_not_even_with_its_rights_on_the_primary(on_the_primary, statement):
    on_the_primary.execute("SET default_transaction_read_only = off")
    with pytest.raises(InsufficientPrivilege):
        on_the_primary.execute(statement)


@pytest.mark.parametrize("change", ["SET statement_timeout = 0", "RESET ALL", "PASSWORD 'own'"])
def test_its_limit_and_its_password_stay(reader, change):
    """On a primary a role may change these for itself; one more reason to keep it from there."""
    with pytest.raises(ReadOnlySqlTransaction):
        reader.execute(f"ALTER ROLE reader {change}")


def test_there_is_a_limit(reader):
    reader.execute("SHOW statement_timeout")
    assert reader.fetchone() == ("1500ms",)
