"""The three servers, over one kept connection each: to write behind Django's back, and to hold replay back."""

from contextlib import ExitStack, contextmanager
from functools import partial

import psycopg2

from cluster import replay

REPLICAS = ("replica1", "replica2")


class Servers:
    def __init__(self, connections):
        self._connections = connections
        self.paused = set()

    def ask(self, name, sql, *params):
        with self._connections[name].cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchone() if cursor.description else None

    def commit(self, name):
        """Somebody else writes."""
        sql = "INSERT INTO backoffice_section (name, slug, position) VALUES (%s, %s, 1)"
        self.ask("primary", sql, name, name)

    def pause(self, replica):
        self.ask(replica, "SELECT pg_wal_replay_pause()")
        state = "SELECT pg_get_wal_replay_pause_state() = 'paused'"
        replay.wait_until(partial(self._says_yes, replica, state), "replay to pause")
        self.paused.add(replica)

    def resume(self, replica):
        self.ask(replica, "SELECT pg_wal_replay_resume()")
        self.paused.discard(replica)

    def pause_all(self):
        for replica in REPLICAS:
            self.pause(replica)

    def resume_all(self):
        for replica in [*self.paused]:
            self.resume(replica)

    def catch_up(self):
        """Wait until the replicas that are not paused have everything."""
        (position,) = self.ask("primary", "SELECT pg_current_wal_flush_lsn()")
        sql = "SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn"
        for replica in {*REPLICAS} - self.paused:
            replay.wait_until(partial(self._says_yes, replica, sql, position), "replay")

    def _says_yes(self, *question):
        return self.ask(*question)[0]


@contextmanager
def kept_connections(cluster, database):
    with ExitStack() as stack:
        connections = {}
        for node in cluster.nodes.values():
            connections[node.name] = psycopg2.connect(node.url("postgres", database))
            stack.callback(connections[node.name].close)
            connections[node.name].autocommit = True
        servers = Servers(connections)
        stack.callback(servers.resume_all)
        yield servers
