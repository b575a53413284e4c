"""Holds each server of the cluster to the same slice of a core, with a control group of its own (cgroup v1 or v2)."""

import time
from contextlib import contextmanager, suppress
from pathlib import Path

from cluster.processes import tree

_ROOT = Path("/sys/fs/cgroup")
_V1 = _ROOT / "cpu"
QUOTA = 1_500  # microseconds in each period. Linux takes no less than 1,000; short periods stand still for less long


class NoControlGroups(Exception):
    """This machine lets us make none."""


class Slice:
    """The control group of one server."""

    def __init__(self, node, share):
        self.node, self.is_v1 = node, _V1.exists()
        self.folder = (_V1 if self.is_v1 else _ROOT) / f"bench-{node.port}"
        self.limit(share)

    def limit(self, share):
        """Make the group, let it have `share` of a core, and move the server's processes into it."""
        period = min(int(QUOTA / share), 1_000_000)
        try:
            if not self.is_v1:
                (_ROOT / "cgroup.subtree_control").write_text("+cpu")
            self.folder.mkdir(exist_ok=True)
            if self.is_v1:
                (self.folder / "cpu.cfs_period_us").write_text(str(period))
                (self.folder / "cpu.cfs_quota_us").write_text(str(QUOTA))
            else:
                (self.folder / "cpu.max").write_text(f"{QUOTA} {period}")
        except OSError as error:
            raise NoControlGroups(str(error)) from error
        self._move(self.folder)

    def remove(self):
        self._move(self.folder.parent)
        for _ in range(100):  # a process that has just ended leaves its group a moment later
            try:
                return self.folder.rmdir()
            except OSError:
                time.sleep(0.02)

    def _move(self, folder):
        for each in tree(self.node.process()):
            with suppress(ProcessLookupError):  # a server ends with its connection
                (folder / "cgroup.procs").write_text(str(each.pid))


def cpu_seconds(node):
    """What a server's processes have used so far, to the nanosecond: ticks miss what runs a millisecond at a time."""
    spent = 0
    for each in tree(node.process()):
        with suppress(OSError):  # it has just ended
            spent += int(Path(f"/proc/{each.pid}/schedstat").read_text().split()[0])
    return spent / 1e9


@contextmanager
def sliced(nodes, share):
    """Hold each of `nodes` to `share` of a core. Raises NoControlGroups."""
    slices = []
    try:
        for node in nodes:
            slices.append(Slice(node, share))
        yield
    finally:
        for each in slices:
            each.remove()
