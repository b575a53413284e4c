"""Random faults, one after the other, each healed before the next; and what became of the primary meanwhile."""

import time
from collections import Counter
from contextlib import ExitStack

from cluster import faults
from cluster.promotion import promote, rejoin
from cluster.replay import wait_until
from tests.faults.under_load import breaking

REPLICAS = ("replica1", "replica2")
SAVES = "SELECT array_agg(object_repr) FROM django_admin_log"  # of each save in the admin, in its transaction
_HAS_ALL = "SELECT pg_last_wal_replay_lsn() >= coalesce(pg_last_wal_receive_lsn(), '0/0')"
_RECEIVED = "SELECT greatest(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) - '0/0'::pg_lsn"
PATIENCE = 60  # seconds until what was healed has caught up: the machine may be busy


def saves_on(node):
    """The names of all saves that a node knows of."""
    return set(node.ask(SAVES, database="newspaper")[0] or [])


def the_furthest(cluster):
    """The replica that has received most: what a supervisor would promote."""
    return max(cluster.replicas, key=lambda node: node.ask(_RECEIVED)[0]).name


class Incidents:
    """`random` chooses; from those named in `only`, if there are any.

    `outages` are when the primary was gone; `promotions`, when the old one was killed, and what the new one had.
    """

    REPLICA = (breaking.killed, breaking.stopped, breaking.frozen, breaking.paused, breaking.late, breaking.cut_off)

    def __init__(self, cluster, random, only=()):
        self.cluster, self.random, self.only = cluster, random, only
        self.outages, self.promotions, self.log = [], [], []
        self._deck = []

    def next(self):
        """Let one thing happen, and heal it. Each of them comes once before any comes again."""
        if not self._deck:
            self._deck = [
                *((break_.__name__, break_) for break_ in self.REPLICA),
                *((each.__name__, each) for each in (self.connections_end, self.conflicts)),
                *((each.__name__, each) for each in (self.primary_restarts, self.primary_is_replaced)),
            ]
            assert set(self.only) <= {name for name, _ in self._deck}, "ONLY names what nobody knows"
            self._deck = [(name, each) for name, each in self._deck if not self.only or name in self.only]
            self.random.shuffle(self._deck)
        name, incident = self._deck.pop()
        start = time.monotonic()
        if incident in self.REPLICA:
            self.replicas_suffer(incident)
        else:
            incident()
        self._heal()
        self.log.append((name, start, time.monotonic()))

    @property
    def count(self):
        return Counter(name for name, _, _ in self.log)

    def at(self, moment):
        """What happened then, or had happened last."""
        return next((name for name, start, _ in reversed(self.log) if start <= moment), "nothing yet")

    def replicas_suffer(self, incident):
        """One of them, seldom both; for a moment or for longer than MAX_LAG."""
        both = self.random.random() < 0.15
        names = REPLICAS if both else [self.random.choice(REPLICAS)]
        with ExitStack() as stack:
            for name in names:
                stack.enter_context(incident(self.cluster, name))
            self._while(0.1, 8)

    def connections_end(self):
        name = self.random.choice(("primary", *REPLICAS))
        start = time.monotonic()
        breaking.end_connections(self.cluster, name)
        if name == "primary":
            self.outages.append((start, time.monotonic()))

    def conflicts(self):
        with ExitStack() as stack:
            for name in REPLICAS:
                stack.enter_context(breaking.intolerant(self.cluster, name))
            for _ in range(self.random.randint(3, 10)):
                for sql in breaking.CONFLICTS:
                    self.cluster.primary.ask(sql, database="newspaper")
                self._while(0.05, 0.3)

    def primary_restarts(self):
        start = time.monotonic()
        faults.kill(self.cluster, "primary")
        self._while(0.1, 8)
        faults.start(self.cluster, "primary")
        self.outages.append((start, time.monotonic()))

    def primary_is_replaced(self):
        """It is killed, and what it had not sent is lost. Later it gets its place back, and nothing is lost then."""
        killed = time.monotonic()
        faults.kill(self.cluster, "primary")
        self._while(0.1, 4)
        new = the_furthest(self.cluster)
        wait_until(lambda: self.cluster.node(new).ask(_HAS_ALL)[0], f"{new} to replay all", PATIENCE)
        self.promotions.append((killed, saves_on(self.cluster.node(new))))
        promote(self.cluster, new)
        self.outages.append((killed, time.monotonic()))
        self._while(0.1, 4)
        rejoin(self.cluster, "primary")
        self._heal()
        self._while(0.1, 2)
        start = time.monotonic()
        promote(self.cluster, "primary")
        self.outages.append((start, time.monotonic()))
        rejoin(self.cluster, new)

    def _while(self, least, most):
        time.sleep(self.random.uniform(least, most))  # the load goes on meanwhile

    def _heal(self):
        for node in self.cluster.replicas:
            self.cluster.wait_until_replayed(node.name, PATIENCE)
