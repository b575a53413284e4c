"""Which statements count as writes."""

import pytest

from routing.statements import is_write

READS = [
    "SELECT 1",
    "  select 1",
    "(SELECT 1) UNION (SELECT 2)",
    "/* a comment */ SELECT 1",
    "-- a comment\nSELECT 1",
    "WITH a AS (SELECT 1) SELECT * FROM a",
    "SELECT 'DELETE FROM x'",
    "EXPLAIN SELECT 1",
    "SAVEPOINT a",
    "RELEASE SAVEPOINT a",
    "ROLLBACK TO SAVEPOINT a",
    "SET TIME ZONE 'UTC'",
    "SHOW timezone",
    'DECLARE "c" NO SCROLL CURSOR WITH HOLD FOR SELECT 1',
    'FETCH FORWARD 10 FROM "c"',
    "SELECT 1 FOR UPDATE",
]
WRITES = [
    "INSERT INTO a VALUES (1)",
    "update a set b = 1",
    "DELETE FROM a",
    "WITH gone AS (DELETE FROM a RETURNING *) SELECT * FROM gone",
    "/* SELECT */ DELETE FROM a",
    "-- SELECT\nUPDATE a SET b = 1",
    "MERGE INTO a USING b ON true WHEN MATCHED THEN DELETE",
    "TRUNCATE a",
    "COPY a FROM STDIN",
    "CREATE TABLE a ()",
    "ALTER TABLE a ADD b int",
    "CALL everything()",
    "DO $$ BEGIN END $$",
    "REFRESH MATERIALIZED VIEW a",
    "NOTIFY a",
]


@pytest.mark.parametrize("sql", READS)
def test_reads(sql):
    assert not is_write(sql)


@pytest.mark.parametrize("sql", WRITES)
def test_writes(sql):
    assert is_write(sql)
