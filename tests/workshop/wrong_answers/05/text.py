# bookmark.py | Texts compare letter by letter
def take(cursor):
    cursor.execute("SELECT pg_current_wal_flush_lsn()::text")
    return cursor.fetchone()[0]


def has_replayed(cursor, bookmark):
    cursor.execute("SELECT pg_last_wal_replay_lsn()::text")
    return cursor.fetchone()[0] >= bookmark
