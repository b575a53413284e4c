"""Holds a replica back, and waits for it: pause, resume, lag."""

import time
from collections.abc import Callable

from .errors import ClusterError
from .node import Node


def pause(node: Node) -> None:
    """Stop replay, and return when it has stopped. The replica keeps receiving."""
    node.ask("SELECT pg_wal_replay_pause()")
    wait_until(lambda: node.ask("SELECT pg_get_wal_replay_pause_state() = 'paused'")[0], f"{node.name} to pause")


def resume(node: Node) -> None:
    """Let a replica replay again."""
    node.ask("SELECT pg_wal_replay_resume()")


def lag(node: Node, seconds: float) -> None:
    """Let a replica replay every commit `seconds` late; 0 ends it. Raises ClusterError for less."""
    if not seconds >= 0:
        raise ClusterError("A replica cannot be ahead of its time. Give 0 seconds or more.")
    node.ask(f"ALTER SYSTEM SET recovery_min_apply_delay = '{int(seconds * 1000)}ms'")
    node.ask("SELECT pg_reload_conf()")


def wait_until_replayed(node: Node, primary: Node, timeout: float = 10) -> None:
    """Wait until `node` has replayed what `primary` has flushed by now. Raises ClusterError after `timeout` s."""
    (position,) = primary.ask("SELECT pg_current_wal_flush_lsn()")
    sql = f"SELECT pg_last_wal_replay_lsn() >= '{position}'::pg_lsn"
    wait_until(lambda: node.ask(sql)[0], f"{node.name} to replay {position}", timeout)


def wait_until(is_done: Callable[[], bool], what: str, timeout: float = 10) -> None:
    """Poll until `is_done()`. Raises ClusterError after `timeout` seconds."""
    deadline = time.monotonic() + timeout
    while not is_done():
        if time.monotonic() > deadline:
            raise ClusterError(f"Waited {timeout:g} s for {what}, in vain. See python -m cluster status.")
        time.sleep(0.005)
