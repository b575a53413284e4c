"""make status never lies: not on other ports, not on an idle cluster, not of a node that cannot know."""

import json
import os
import time

from cluster.local import Cluster
from cluster.status import cluster_status, print_table
from tests.support.own_cluster import command


def status(cluster):
    return {each.node: each for each in cluster_status(cluster)}


def test_a_cluster_that_runs_on_other_ports_is_shown_on_those(own):
    own.up()
    elsewhere = Cluster(own.directory, own.primary.port + 100)
    assert [each.role for each in cluster_status(elsewhere)] == ["primary", "replica", "replica"]
    assert [each.port for each in cluster_status(elsewhere)] == [node.port for node in own.nodes.values()]


def test_a_node_that_runs_and_does_not_answer_is_not_called_frozen(own):
    own.up()
    os.kill(own.node("replica1").process().pid, 15)  # from now on it takes no new connections, and ends
    seen = set()
    while (role := status(own)["replica1"].role) != "down":
        seen.add(role)
    assert "frozen" not in seen


def test_half_a_record_at_the_end_of_a_page_is_no_lag(cluster):
    """The primary writes whole pages when it is idle; the end of the last record stays in its memory."""
    for _ in range(20):
        cluster.primary.ask("SELECT pg_logical_emit_message(false, 'x', repeat('y', 20000))")
        end = time.monotonic() + 2
        while time.monotonic() < end:
            seen = status(cluster)
            node = seen["replica1"]
            if seen["primary"].written == node.written != node.replayed and node.written.endswith("000"):
                assert (node.bytes_behind, node.seconds_behind) == (0, 0.0)
                return
    raise AssertionError("No record was flushed by half.")


def test_an_upper_bound_is_shown_as_one(cluster, capsys):
    cluster.pause("replica1")
    try:
        cluster.primary.ask("CREATE TABLE late ()")
        cluster.primary.ask("DROP TABLE late")
        node = status(cluster)["replica1"]
        print_table([node])
    finally:
        cluster.resume("replica1")
    assert node.bytes_behind > 0
    assert f"≤ {node.seconds_behind:.1f}" in capsys.readouterr().out


def test_a_replica_that_receives_nothing_does_not_know_how_far_behind_it_is(own):
    own.up()
    assert command(own, "kill", "primary").returncode == 0
    while status(own)["replica1"].streaming:
        time.sleep(0.01)
    for node in json.loads(command(own, "status", "--json").stdout)[1:]:
        assert (node["bytes_behind"], node["seconds_behind"]) == (None, None)
    assert command(own, "status").stdout.count("not known") == 2
