"""Ctrl-C ends all that `make run` started, whenever it comes: site, workers, servers. STARTS=200 makes sure."""

import os
import random
import signal
import socket
import time
from contextlib import ExitStack

import pytest

from tests.cluster.make_run import MakeRun

STARTS = int(os.environ.get("STARTS") or 20)
# On a machine that does nothing else it takes no longer. Beside other tests only a hang counts: half a minute, once.
SECONDS = 3 if "STARTS" in os.environ else 15


@pytest.fixture
def start(own, tmp_path):
    started = []

    def start(**environment):
        started.append(MakeRun(own, tmp_path / "log", **environment))
        return started[-1]

    yield start
    for each in started:
        each.kill_all()


@pytest.mark.timeout(20 * STARTS + 60)
def test_ctrl_c_at_any_moment_leaves_nothing(start):
    chance = random.Random(14)
    took = []
    for number in range(STARTS):
        run = start()
        if number % 2:  # while gunicorn starts its workers, or a moment later
            run.wait_for("The Daily Replica: http")
        time.sleep(chance.uniform(0, 1) if number % 4 else chance.uniform(0, 6))
        run.send()
        took.append(run.seconds_until_all_have_gone())
        assert took[-1] < SECONDS, f"{run.left()}\n{run.said()}"
    print(f"{STARTS} times Ctrl-C: gone in {max(took):.2f} s at most, {sum(took) / STARTS:.2f} s on average")


def test_a_second_ctrl_c_does_not_leave_more_than_the_first(start):
    run = start()
    run.wait_for("Booting worker")
    for _ in range(3):
        run.send()
        time.sleep(0.05)
    assert run.seconds_until_all_have_gone() < SECONDS


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_half_sent_requests_hold_nothing_up(start, number):
    run = start()
    run.wait_for("Booting worker")
    with ExitStack() as clients:
        for _ in range(8):
            client = clients.enter_context(socket.create_connection(("127.0.0.1", run.port)))
            client.sendall(b"GET / HTTP/1.1\r\nHost: ")
        time.sleep(0.5)  # a thread has taken each up, if it does that
        run.send(number)
        assert run.seconds_until_all_have_gone() < SECONDS, run.said()
