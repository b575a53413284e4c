# bookmark.py | Return instead
import time


def take(cursor):
    cursor.execute("SELECT pg_current_wal_flush_lsn() - '0/0'::pg_lsn")
    return cursor.fetchone()[0]


def has_replayed(cursor, bookmark):
    replayed = -1
    while replayed < bookmark:
        time.sleep(0.1)
        cursor.execute("SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn")
        replayed = cursor.fetchone()[0]
    return True
