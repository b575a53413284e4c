"""python -m cluster, on a cluster of its own: it heals, it refuses clearly, and it leaves nothing running."""

import json
import os
import signal
import socket
import subprocess
import sys
import time

import psycopg2
import pytest

from cluster.database import prepare
from cluster.errors import ClusterError
from cluster.local import Cluster
from cluster.temporary import free_ports
from tests.support.own_cluster import command, servers


def start(own, *arguments):
    words = [sys.executable, "-m", "cluster", "--directory", own.directory, "--port", str(own.primary.port)]
    return subprocess.Popen([*words, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def both_stream(own):
    """By the primary's books, which are a moment behind."""
    streaming = "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"
    wait_until(lambda: own.primary.ask(streaming) == (2,))


def test_both_replicas_stream_and_a_second_start_changes_nothing(own):
    assert own.up()
    both_stream(own)
    before = {process.pid for process in servers(own)}
    assert not own.up()
    assert {process.pid for process in servers(own)} == before
    own.down()
    assert servers(own) == []
    assert own.up()


@pytest.mark.parametrize("seconds", [0.15, 0.35, 0.55])
def test_a_first_start_that_was_killed_heals(own, seconds):
    first = start(own, "up")
    time.sleep(seconds)  # where it is cut off does not matter: all of them have to heal
    first.kill()
    first.communicate()
    own.up()
    both_stream(own)


def test_a_replica_that_the_primary_keeps_nothing_for_is_copied_anew(own):
    own.up()
    own.node("replica1").stop()
    own.primary.ask("SELECT pg_drop_replication_slot('replica1')")
    assert own.up()
    both_stream(own)


def test_ctrl_c_in_the_first_start_leaves_nothing_running(own):
    first = start(own, "up")
    assert "making the primary" in first.stderr.readline()
    first.send_signal(signal.SIGINT)
    first.communicate()
    assert first.returncode == -signal.SIGINT
    assert servers(own) == []


def test_a_server_that_was_killed_is_started_again_over_its_pid_file(own):
    own.up()
    own.node("replica1").process().kill()
    wait_until(lambda: own.node("replica1").process() is None)
    assert own.up()
    both_stream(own)


def test_a_pid_file_whose_number_is_another_process_is_no_hindrance(own):
    own.up()
    own.down()
    pid_file = own.primary.data / "postmaster.pid"
    pid_file.write_text(f"{os.getpid()}\n")
    assert own.up()


def test_a_port_in_use_is_named_with_the_setting_that_moves_it(own):
    with socket.socket() as other:
        other.bind(("127.0.0.1", own.node("replica1").port))
        other.listen()
        with pytest.raises(
            ClusterError, match=rf"Port {own.primary.port + 1}, for replica1, is in use.*CLUSTER_PORT="
        ):
            own.up()
    assert servers(own) == []


def test_run_passes_the_exit_status_on_and_stops_everything(own):
    done = command(own, "run", "--", "sh", "-c", "echo $DATABASE_URL $REPLICA_URLS; exit 7")
    assert done.returncode == 7
    assert done.stdout.split() == list(own.environment().values())
    assert servers(own) == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_run_stops_everything_when_it_is_told_to_end(own, number):
    running = start(own, "run", "--", "sh", "-c", "echo started; exec sleep 60")
    assert running.stdout.readline() == "started\n"
    running.send_signal(number)
    running.communicate()
    assert running.returncode == 128 + number
    assert servers(own) == []


def test_run_leaves_a_cluster_that_was_up_before(own):
    own.up()
    assert command(own, "run", "--", "true").returncode == 0
    assert own.is_running()


def test_run_names_a_command_that_is_not_there(own):
    done = command(own, "run", "--", "no-such-command")
    assert done.returncode == 1
    assert "no-such-command cannot be run" in done.stderr
    assert servers(own) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to drop to another user")
def test_root_may_keep_the_project_where_others_cannot_read(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    own = Cluster(closed / "project" / "c", free_ports())
    try:
        own.up()
        assert (own.directory / "primary").is_dir()
        both_stream(own)
    finally:
        own.reset()
    assert not own.directory.is_symlink()
    assert not own.folder.path.exists()


# --- On the tests' own cluster ------------------------------------------------------------------------------


def wait_until(is_so):
    deadline = time.monotonic() + 10
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_status_tells_people_and_programs(cluster):
    table = command(cluster, "status").stdout
    assert [line.split()[:2] for line in table.splitlines()[1:]] == [
        ["primary", "primary"],
        ["replica1", "replica"],
        ["replica2", "replica"],
    ]
    nodes = json.loads(command(cluster, "status", "--json").stdout)
    assert [node["streaming"] for node in nodes] == [None, True, True]


def test_status_of_a_cluster_that_is_down(own):
    done = command(own, "status")
    assert done.returncode == 1
    assert done.stdout.count("down") == 3


def test_lag_pause_and_resume_show_in_the_status(cluster):
    def replay(name):
        nodes = json.loads(command(cluster, "status", "--json").stdout)
        return next(node["replay"] for node in nodes if node["node"] == name)

    assert command(cluster, "lag", "replica1", "2").returncode == 0
    wait_until(lambda: replay("replica1") == "delayed by 2s")
    assert command(cluster, "lag", "replica1", "0").returncode == 0
    assert command(cluster, "pause", "replica2").returncode == 0
    assert replay("replica2") == "paused"
    assert command(cluster, "resume", "replica2").returncode == 0
    wait_until(lambda: (replay("replica1"), replay("replica2")) == ("on", "on"))


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (["pause", "primary"], "primary is the primary, and replays nothing. Name one of replica1, replica2."),
        (["pause", "replica3"], "There is no node 'replica3'. The nodes are primary, replica1, replica2."),
        (["lag", "replica1", "-1"], "Give 0 seconds or more."),
    ],
)
def test_a_wrong_word_is_answered_with_the_right_ones(cluster, words, error):
    done = command(cluster, *words)
    assert done.returncode == 1
    assert error in done.stderr
    assert "Traceback" not in done.stderr


def test_psql_opens_on_each_node(cluster):
    for name, is_replica in (("primary", "f"), ("replica1", "t")):
        assert command(cluster, "psql", name, "-Atc", "SELECT pg_is_in_recovery()").stdout.strip() == is_replica


def connect(cluster, name, user, password="insecure-demo-only"):
    node = cluster.node(name)
    return psycopg2.connect(host="127.0.0.1", port=node.port, user=user, password=password, dbname="newspaper")


def test_the_reader_cannot_use_the_primary(cluster):
    with pytest.raises(psycopg2.OperationalError, match="this server is the primary"):
        connect(cluster, "primary", "reader")


def test_the_reader_sees_the_timeline(cluster):
    connection = connect(cluster, "replica1", "reader")
    with connection.cursor() as cursor:
        cursor.execute("SELECT received_tli FROM pg_stat_wal_receiver")
        assert cursor.fetchone() == (1,)
    connection.close()


@pytest.mark.parametrize("user", ["app", "reader", "replicator", "postgres"])
def test_nobody_gets_in_without_the_password(cluster, user):
    with pytest.raises(psycopg2.OperationalError, match="password authentication failed"):
        connect(cluster, "primary", user, "wrong")
    assert cluster.primary.ask(f"SELECT left(rolpassword, 13) FROM pg_authid WHERE rolname = '{user}'") == (
        "SCRAM-SHA-256",
    )


def test_the_application_is_no_superuser(cluster):
    rows = "SELECT string_agg(rolname, ',') FROM pg_roles WHERE rolsuper"
    assert cluster.primary.ask(rows) == ("postgres",)


def test_a_cluster_made_by_an_older_version_gets_the_roles_of_today(cluster):
    (cluster.primary.data / "prepared").write_text("")
    cluster.primary.ask("DROP OWNED BY lab")
    cluster.primary.ask("DROP ROLE lab")
    prepare(cluster.primary)
    assert cluster.primary.ask("SELECT has_parameter_privilege('lab', 'recovery_min_apply_delay', 'ALTER SYSTEM')")[0]
    assert cluster.primary.ask("SELECT has_function_privilege('lab', 'pg_wal_replay_pause()', 'EXECUTE')")[0]
