"""Holds each server of the cluster to the same slice of a core, with a control group of its own (cgroup v1 or v2)."""

from contextlib import contextmanager
from pathlib import Path

from cluster.processes import tree

_ROOT = Path("/sys/fs/cgroup")
_V1 = _ROOT / "cpu"
PERIOD = 20_000  # microseconds: short, so that a server never stands still for long


class NoControlGroups(Exception):
    """This machine lets us make none."""


class Slice:
    """The control group of one server."""

    def __init__(self, node, share):
        self.node, self.is_v1 = node, (_V1 / "cpu.cfs_quota_us").exists() or _V1.exists()
        self.folder = (_V1 if self.is_v1 else _ROOT) / f"bench-{node.port}"
        self.limit(share)

    def limit(self, share):
        """Make the group, let it have `share` of a core, and move the server's processes into it."""
        quota = int(PERIOD * share)
        try:
            if not self.is_v1:
                (_ROOT / "cgroup.subtree_control").write_text("+cpu")
            self.folder.mkdir(exist_ok=True)
            if self.is_v1:
                (self.folder / "cpu.cfs_period_us").write_text(str(PERIOD))
                (self.folder / "cpu.cfs_quota_us").write_text(str(quota))
            else:
                (self.folder / "cpu.max").write_text(f"{quota} {PERIOD}")
        except OSError as error:
            raise NoControlGroups(str(error)) from error
        self._move(self.folder)

    def cpu_seconds(self):
        """What the server's processes have used so far; children inherit the group."""
        return sum(sum(each.cpu_times()[:2]) for each in tree(self.node.process()))

    def remove(self):
        self._move(self.folder.parent)
        self.folder.rmdir()

    def _move(self, folder):
        for each in tree(self.node.process()):
            (folder / "cgroup.procs").write_text(str(each.pid))


@contextmanager
def sliced(nodes, share):
    """Give {name: Slice}. Raises NoControlGroups."""
    slices = {}
    try:
        for node in nodes:
            slices[node.name] = Slice(node, share)
        yield slices
    finally:
        for each in slices.values():
            each.remove()
