"""python -m cluster kill, freeze, thaw, stop, start: what they do to a node, and what status says of it."""

import json

import psutil
import psycopg2
import pytest

from cluster.errors import ClusterError
from cluster.replay import wait_until
from tests.support.own_cluster import command, servers


def roles(own):
    return {node["node"]: node["role"] for node in json.loads(command(own, "status", "--json").stdout)}


def accepts_a_connection_within_a_second(node):
    try:
        psycopg2.connect(node.url("app"), connect_timeout=1).close()
        return True
    except psycopg2.OperationalError:
        return False


def streams(own, name):
    return own.primary.ask(f"SELECT 1 FROM pg_stat_replication WHERE application_name = '{name}'") is not None


@pytest.mark.parametrize("name", ["primary", "replica1"])
def test_a_killed_node_leaves_no_process_and_starts_again(own, name):
    own.up()
    tree = [own.node(name).process(), *own.node(name).process().children(recursive=True)]
    assert len(tree) > 3
    assert command(own, "kill", name).returncode == 0
    assert [each for each in tree if each.is_running() and each.status() != psutil.STATUS_ZOMBIE] == []
    assert roles(own)[name] == "down"
    assert command(own, "start", name).returncode == 0
    wait_until(lambda: streams(own, "replica1") and streams(own, "replica2"), "both replicas to stream")


def test_a_frozen_node_keeps_its_sockets_and_answers_nobody_until_it_is_thawed(own):
    own.up()
    replica = own.node("replica1")
    assert command(own, "freeze", "replica1").returncode == 0
    tree = [replica.process(), *replica.process().children(recursive=True)]
    assert {process.status() for process in tree} == {psutil.STATUS_STOPPED}
    assert not accepts_a_connection_within_a_second(replica)
    assert roles(own) == {"primary": "primary", "replica1": "frozen", "replica2": "replica"}
    with pytest.raises(ClusterError, match="replica1 is frozen.*python -m cluster thaw replica1"):
        replica.ask("SELECT 1")
    assert command(own, "thaw", "replica1").returncode == 0
    assert accepts_a_connection_within_a_second(replica)


def test_a_frozen_cluster_can_be_stopped_and_killed(own):
    own.up()
    for name in own.nodes:
        command(own, "freeze", name)
    assert command(own, "kill", "replica2").returncode == 0
    own.down()
    assert servers(own) == []


def test_stop_and_start_one_node(own):
    own.up()
    assert command(own, "stop", "replica2").returncode == 0
    assert roles(own) == {"primary": "primary", "replica1": "replica", "replica2": "down"}
    assert command(own, "start", "replica2").returncode == 0
    wait_until(lambda: streams(own, "replica2"), "replica2 to stream")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["start", "replica1"], "replica1 runs already"),
        (["freeze", "replica3"], "no node 'replica3'. The nodes are primary, replica1, replica2"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(own, words, said):
    own.up()
    done = command(own, *words)
    assert done.returncode == 1
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("word", ["kill", "freeze", "thaw"])
def test_what_does_not_run_cannot_be_broken(own, word):
    done = command(own, word, "replica1")
    assert done.returncode == 1
    assert "replica1 does not run. Start it: python -m cluster start replica1" in done.stderr
