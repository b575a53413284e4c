"""A bookmark is where the primary's log ended after the commit, in bytes. A replica tells how far it has replayed."""


def take(cursor):
    """Return the bookmark of a visitor who has just saved. `cursor` asks the primary, after the commit."""
    cursor.execute("SELECT pg_current_wal_flush_lsn() - '0/0'::pg_lsn")
    return int(cursor.fetchone()[0])


def has_replayed(cursor, bookmark):
    """Return whether a replica shows what the bookmark stands for. `cursor` asks the replica."""
    cursor.execute("SELECT pg_last_wal_replay_lsn() - '0/0'::pg_lsn")
    return cursor.fetchone()[0] >= bookmark
