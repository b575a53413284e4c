"""python -m cluster promote and rejoin; and a Django that finds the new primary by itself, and never an old one."""

import psycopg2
import pytest
from django.db import connections

from cluster import faults
from cluster.errors import ClusterError
from cluster.promotion import promote, rejoin
from cluster.replay import wait_until
from routing.wal import forget_servers
from tests.support.drivers import driver, leave_pools


@pytest.fixture(autouse=True)
def _nothing_is_known(django_db_blocker):
    forget_servers()
    with django_db_blocker.unblock():  # the database is this file's own clusters', not the tests'
        yield
    leave_pools()


def connect(own):
    """What Django does for `default`."""
    ports = ",".join(str(node.port) for node in own.nodes.values())
    connection = connections.create_connection("default")
    connection.settings_dict = connection.settings_dict | {
        "NAME": "newspaper",
        "HOST": "127.0.0.1,127.0.0.1,127.0.0.1",
        "PORT": ports,
    }
    leave_pools("default")  # whose servers would be others
    connection.connect()
    return connection.connection


def port_of(connection):
    port = connection.info.port
    connection.close()
    return port


def write(own, port):
    with psycopg2.connect(own.url("replica1", "app").replace(str(own.node("replica1").port), str(port))) as connection:
        connection.cursor().execute("CREATE TABLE IF NOT EXISTS written ()")
    connection.close()


def streams(own, name):
    return own.primary.ask(f"SELECT 1 FROM pg_stat_replication WHERE application_name = '{name}'") is not None


def test_a_primary_dies_another_is_promoted_and_the_old_one_rejoins(own, capsys):
    own.up()
    assert port_of(connect(own)) == own.node("primary").port
    faults.kill(own, "primary")
    promote(own, "replica1")
    assert own.primary.name == "replica1"
    write(own, port_of(connect(own)))
    wait_until(lambda: streams(own, "replica2"), "replica2 to follow")

    faults.start(own, "primary")  # a zombie: it takes writes, and stands first in the list
    assert own.node("primary").ask("SELECT pg_is_in_recovery()") == (False,)
    assert port_of(connect(own)) == own.node("replica1").port  # also while nothing is known
    monkey = psycopg2.connect(own.url("primary"))  # a split brain: somebody writes there nevertheless
    monkey.cursor().execute("CREATE TABLE lost ()")
    monkey.commit()
    monkey.close()

    rejoin(own, "primary")
    assert "anew" not in capsys.readouterr().err  # it was rewound, and not copied
    assert streams(own, "primary")
    assert own.node("primary").ask("SELECT to_regclass('lost')", database="newspaper") == (None,)
    assert own.node("primary").ask("SELECT count(*) FROM pg_replication_slots") == (0,)
    assert port_of(connect(own)) == own.node("replica1").port

    own.down()
    own.up()
    assert own.primary.name == "replica1"
    assert streams(own, "primary")
    assert streams(own, "replica2")


def test_an_old_primary_is_refused_when_it_is_the_only_one_that_answers(own):
    own.up()
    promote(own, "replica2")
    assert port_of(connect(own)) == own.node("replica2").port
    faults.kill(own, "replica2")
    faults.start(own, "primary")
    with pytest.raises(driver.OperationalError, match=r"old primary: it is on timeline 1, and 2 has been seen"):
        connect(own)
    own.up()  # and it is taken back as a replica
    assert own.node("primary").ask("SELECT pg_is_in_recovery()") == (True,)


@pytest.mark.parametrize(
    ("action", "name", "said"),
    [(promote, "primary", "primary is the primary"), (rejoin, "replica1", "replica1 is a replica already")],
)
def test_what_makes_no_sense_is_refused(own, action, name, said):
    own.up()
    with pytest.raises(ClusterError, match=said):
        action(own, name)


def test_synchronous_waits_for_one_of_the_others(own, monkeypatch):
    monkeypatch.setenv("SYNCHRONOUS", "1")
    own.up()
    wait_until(
        lambda: own.primary.ask("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'quorum'") == (2,),
        "two synchronous replicas",
    )
