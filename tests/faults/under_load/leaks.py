"""What the web processes hold: threads, memory, file handles, and connections to each node."""

from dataclasses import dataclass

from tests.faults.under_load.newspaper import THREADS, WORKERS

# A thread keeps one connection to each database that it used, a watcher one to its replica.
MOST_CONNECTIONS = WORKERS * (THREADS + 1)
_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE usename IN ('app', 'reader')"


@dataclass(frozen=True)
class Held:
    """By all web processes together."""

    processes: tuple  # their numbers
    threads: int
    memory: float  # megabytes
    handles: int
    connections: dict  # by node

    @property
    def most_handles(self):
        """How many there may be once every thread has used every database; and a few that come and go."""
        return self.handles + len(self.connections) * MOST_CONNECTIONS - sum(self.connections.values()) + 4


def held(paper, cluster):
    processes = paper.processes()[1:]  # the workers
    connections = {name: node.ask(_CONNECTIONS)[0] for name, node in cluster.nodes.items()}
    return Held(
        tuple(sorted(process.pid for process in processes)),
        sum(process.num_threads() for process in processes),
        sum(process.memory_info().rss for process in processes) / 2**20,
        sum(process.num_fds() for process in processes),
        connections,
    )
