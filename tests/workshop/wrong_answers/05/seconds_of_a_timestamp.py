# bookmark.py | a time doesn't say what a replica has
def take(cursor):
    cursor.execute("SELECT extract(epoch FROM now())::float")
    return cursor.fetchone()[0]


def has_replayed(cursor, bookmark):
    cursor.execute("SELECT extract(epoch FROM pg_last_xact_replay_timestamp())::float")
    return cursor.fetchone()[0] >= bookmark
