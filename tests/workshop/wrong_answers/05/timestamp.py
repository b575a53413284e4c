# bookmark.py | A time says when, not what
def take(cursor):
    cursor.execute("SELECT now()")
    return cursor.fetchone()[0]


def has_replayed(cursor, bookmark):
    cursor.execute("SELECT pg_last_xact_replay_timestamp()")
    return cursor.fetchone()[0] >= bookmark
