"""manage.py replication_status: where are the primary and its replicas?"""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import CommandError, CommandParser

from ....commands import PrimaryCommand
from ...status import Node, replication_status


class Command(PrimaryCommand):
    help = "Show role, WAL position and lag of the primary and of each replica. Exit status 1 if one has a problem."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="for programs")

    def handle(self, *args: Any, **options: Any) -> None:
        nodes = replication_status()
        if options["json"]:
            self.stdout.write(json.dumps([asdict(node) for node in nodes], indent=2))
        else:
            self.stdout.write(_table(nodes))
        if problems := [f"{node.alias}: {node.problem}" for node in nodes if node.problem]:
            raise CommandError("; ".join(problems))


def _table(nodes: list[Node]) -> str:
    rows = [("database", "role", "position", "streaming", "bytes behind", "seconds behind")]
    for node in nodes:
        streaming = {True: "yes", False: "no", None: ""}[node.streaming]
        behind = "" if node.bytes_behind is None else f"{node.bytes_behind}"
        seconds = "" if node.seconds_behind is None else f"{node.seconds_behind:.1f}"
        rows.append((node.alias, node.role, node.position, streaming, behind, seconds))
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in rows)
