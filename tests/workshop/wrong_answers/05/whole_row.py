# bookmark.py | The number is fetchone()[0]
def take(cursor):
    cursor.execute("SELECT pg_current_wal_flush_lsn() - '0/0'::pg_lsn")
    return cursor.fetchone()


def has_replayed(cursor, bookmark):
    cursor.execute("SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn")
    return cursor.fetchone() >= bookmark
