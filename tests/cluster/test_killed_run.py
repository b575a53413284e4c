"""`make run` after one that was killed: what that one left is found, named, and taken over or stopped."""

import signal
import socket
import urllib.request

import psutil
import pytest

from cluster.errors import ClusterError
from cluster.local import Cluster
from cluster.temporary import free_ports
from tests.cluster.make_run import MakeRun
from tests.support.own_cluster import command, servers


@pytest.fixture
def killed(own, tmp_path):
    """A run of which only `python -m cluster run` was killed. The site and the servers run on."""
    run = MakeRun(own, tmp_path / "killed")
    run.wait_for("Booting worker")
    run.process.send_signal(signal.SIGKILL)
    run.process.wait()
    assert run.left()
    yield run
    run.kill_all()


@pytest.mark.timeout(240)
@pytest.mark.parametrize("elsewhere", [True, False])
def test_servers_and_site_of_a_killed_run_are_named_and_end_with_the_next(own, killed, tmp_path, elsewhere):
    before = [node.process() for node in own.nodes.values()]
    again = Cluster(own.directory, free_ports() if elsewhere else own.primary.port)
    run = MakeRun(again, tmp_path / "log", port=killed.port)
    try:
        run.wait_for("Booting worker")
        assert f"a run that was killed has left servers on ports {own.primary.port}," in run.said()
        assert "a run that was killed has left process" in run.said()
        assert "Traceback" not in run.said()
        with urllib.request.urlopen(f"http://127.0.0.1:{run.port}/health/live/", timeout=10) as answer:
            assert answer.status == 200
        assert again.is_running()
        assert ([node.process() for node in again.nodes.values()] == before) is not elsewhere
        run.send()
        run.seconds_until_all_have_gone()
        assert killed.left() == []
    finally:
        run.kill_all()


def test_servers_that_somebody_started_are_not_stopped_for_other_ports(own):
    own.up()
    with pytest.raises(ClusterError, match=rf"run already, on ports {own.primary.port}, .* python -m cluster down"):
        Cluster(own.directory, free_ports()).up()
    assert own.is_running()


def test_without_a_port_the_servers_are_found_where_they_run(own):
    own.up()
    assert Cluster(own.directory).primary.port == own.primary.port
    done = command(own, "status")
    assert done.returncode == 0, done.stdout


def test_a_second_run_says_that_another_has_the_cluster(own, tmp_path):
    first = MakeRun(own, tmp_path / "first")
    try:
        first.wait_for("Booting worker")
        second = command(own, "run", "--", "true")
        assert (second.returncode, "another `python -m cluster run` has this cluster" in second.stderr) == (0, True)
        assert own.is_running()
        assert psutil.pid_exists(first.process.pid)
    finally:
        first.send(signal.SIGTERM)
        first.seconds_until_all_have_gone()
        first.kill_all()


@pytest.mark.parametrize("port", [None, "abc", "70000"])
def test_a_port_that_the_site_cannot_have_is_named_with_the_cure(own, tmp_path, port):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        run = MakeRun(own, tmp_path / "log", port=port or other.getsockname()[1])
        run.process.wait(60)
    assert run.process.returncode == 1
    assert "Choose another port: make run PORT=8001" in run.said()
    assert "http://" not in run.said()
    assert "Traceback" not in run.said()
    assert servers(own) == []
