"""python -m cluster: one primary and two streaming replicas, without Docker."""

import argparse
import json
import os
import sys
from dataclasses import asdict
from pathlib import Path

from . import faults, promotion
from .binaries import PASSWORD
from .errors import ClusterError, explain
from .foreground import run
from .local import Cluster
from .status import cluster_status, print_table

PROJECT = Path(__file__).resolve().parent.parent
NODES = "primary, replica1 or replica2"
ACTIONS = (faults.kill, faults.freeze, faults.thaw, faults.stop, faults.start, promotion.promote, promotion.rejoin)
FAULTS = {each.__name__: each for each in ACTIONS}


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m cluster", description=__doc__)
    parser.add_argument(
        "--directory", type=Path, default=PROJECT / ".local" / "cluster", help="default: .local/cluster"
    )
    parser.add_argument(
        "--port",
        type=port,
        default=os.environ.get("CLUSTER_PORT") or None,
        help="the primary's port; the replicas take the next two (default: $CLUSTER_PORT, or what runs, or 54320)",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    commands.add_parser("up", help="create what is missing, and start what is not running")
    commands.add_parser("down", help="stop; the data stays")
    commands.add_parser("reset", help="stop, and delete the data")
    status = commands.add_parser("status", help="show role, position and lag of each node")
    status.add_argument("--json", action="store_true", help="for programs")
    psql = commands.add_parser("psql", help="open psql on a node")
    psql.add_argument("node", help=NODES)
    psql.add_argument("arguments", nargs=argparse.REMAINDER, help="arguments for psql, such as -c 'SELECT 1'")
    lag = commands.add_parser("lag", help="make a replica replay late")
    lag.add_argument("node", help="replica1 or replica2")
    lag.add_argument("seconds", type=float, help="how late; 0 to stop")
    for name, text in (("pause", "stop replay on a replica"), ("resume", "let a replica replay again")):
        commands.add_parser(name, help=text).add_argument("node", help="replica1 or replica2")
    for name, action in FAULTS.items():
        text = (action.__doc__ or "").partition(",")[0].partition(":")[0]
        commands.add_parser(name, help=text[0].lower() + text[1:].rstrip(".")).add_argument("node", help=NODES)
    beside = commands.add_parser("run", help="run a command with the cluster, and stop both together")
    beside.add_argument(
        "words", nargs=argparse.REMAINDER, metavar="-- COMMAND", help="gets DATABASE_URL and REPLICA_URLS"
    )
    return parser


def port(text: str) -> int:
    if text.isdecimal() and 1024 <= int(text) <= 65533:
        return int(text)
    raise argparse.ArgumentTypeError(
        f"{text!r} is no port for three servers. Give one from 1024 to 65533, here or as CLUSTER_PORT."
    )


def main() -> int | str:
    """Do what the words of the command line say. Returns the exit status, or what went wrong."""
    try:
        return _main()
    except ClusterError as error:
        return f"cluster: {error}"
    except OSError as error:
        return f"cluster: {explain(error)}"


def _main() -> int:
    parser = arguments()
    given = parser.parse_args()
    cluster = Cluster(given.directory, given.port)
    if given.command == "up":
        if not cluster.up():
            print("cluster: is up already", file=sys.stderr)
    elif given.command == "down":
        cluster.down()
    elif given.command == "reset":
        cluster.reset()
    elif given.command == "status":
        statuses = cluster_status(cluster)
        if given.json:
            print(json.dumps([asdict(status) for status in statuses], indent=2))
        else:
            print_table(statuses)
        return 0 if all(status.role in ("primary", "replica") for status in statuses) else 1
    elif given.command == "psql":
        program = cluster.programs.folder / "psql"
        os.environ["PGPASSWORD"] = PASSWORD
        os.execv(program, [str(program), cluster.url(given.node), *given.arguments])
    elif given.command == "lag":
        cluster.lag(given.node, given.seconds)
    elif given.command in ("pause", "resume"):
        getattr(cluster, given.command)(given.node)
    elif given.command in FAULTS:
        FAULTS[given.command](cluster, given.node)
    elif given.command == "run":
        words = given.words[1:] if given.words[:1] == ["--"] else given.words
        if not words:
            parser.error("run needs a command: python -m cluster run -- COMMAND")
        return run(cluster, words)
    return 0
