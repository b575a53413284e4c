# bookmark.py | no replica is sent that
def take(cursor):
    cursor.execute("SELECT pg_current_wal_insert_lsn() - '0/0'::pg_lsn")
    return cursor.fetchone()[0]


def has_replayed(cursor, bookmark):
    cursor.execute("SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn")
    return cursor.fetchone()[0] >= bookmark
