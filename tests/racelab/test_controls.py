"""The lab's controls: for the superuser, as a role that may do little else, and undone when nobody looks."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import psycopg2
import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from backoffice.models import Story
from racelab import controls, lease, nodes, notes
from tests.support.factories import EditorFactory, SectionFactory, SuperuserFactory

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])
UNTOUCHED = {"delay": "0", "paused": False}
CONTROLS = [
    ("lab_replica", ["replica1"], {"seconds": "2"}),
    ("lab_keep", [], {}),
    ("lab_release", [], {}),
    ("lab_write", [], {}),
    ("lab_run", [], {"router": "ours", "n": "1"}),
    ("lab_stop", [], {}),
]


@pytest.fixture
def lab(as_superuser):
    """The superuser's browser. No thread watches the lease: a test says itself when it ends."""
    lease._watch, watch = (lambda: None), lease._watch
    yield as_superuser
    lease._watch = watch
    for page in ("", "one", "two"):
        lease.release(page)
    assert [controls.state(alias) for alias in ("replica1", "replica2")] == [UNTOUCHED, UNTOUCHED]


def change(client, name, **fields):
    return client.post(reverse("lab_replica", args=[name]), fields)


def test_a_replica_is_made_late_and_paused_and_put_back(lab):
    assert change(lab, "replica1", seconds="2.5").status_code == 200
    assert change(lab, "replica1", paused="yes").status_code == 200
    assert controls.state("replica1") == {"delay": "2500ms", "paused": True}
    assert controls.state("replica2") == UNTOUCHED
    lab.post(reverse("lab_release"))
    assert controls.state("replica1") == UNTOUCHED
    assert lease.held() == []


def test_what_was_set_by_hand_before_is_put_back_too(lab, cluster):
    cluster.lag("replica1", 1)
    try:
        change(lab, "replica1", seconds="9")
        lease.release("")
        assert controls.state("replica1")["delay"] == "1s"
    finally:
        cluster.lag("replica1", 0)


def test_a_lease_that_is_over_ends_what_the_lab_changed(lab, monkeypatch):
    change(lab, "replica2", paused="yes")
    monkeypatch.setattr(lease, "SECONDS", -1)
    lease.keep("")
    lease._wait_for_the_end()
    assert controls.state("replica2") == UNTOUCHED


def test_the_next_process_finds_the_lease_of_one_that_died(lab, monkeypatch):
    change(lab, "replica1", seconds="3")
    watched = []
    monkeypatch.setattr(lease, "_watch", lambda: watched.append(True))
    monkeypatch.setattr(lease, "_next_look", 0.0)
    Client().get("/health/live/")
    assert watched


def test_ten_changes_at_once_are_put_back_too(lab):
    """Who looks first at how the replica was must not be overtaken by who changes it."""
    start = Barrier(10)

    def change_it(seconds):
        start.wait()
        lease.change("one", "replica1", controls.set_lag, seconds)

    for _ in range(5):
        with ThreadPoolExecutor(10) as pool:
            list(pool.map(change_it, range(1, 11)))
        lease.release("one")
        assert controls.state("replica1") == UNTOUCHED


def test_a_second_page_that_closes_does_not_end_what_the_first_one_holds(lab):
    change(lab, "replica1", seconds="3", page="one")
    lab.post(reverse("lab_keep"), {"page": "two"})
    lab.post(reverse("lab_release"), {"page": "two"})
    assert controls.state("replica1")["delay"] == "3s"
    lab.post(reverse("lab_release"), {"page": "one"})
    assert controls.state("replica1") == UNTOUCHED


def test_a_cache_that_forgets_lets_no_replica_stay_late(lab):
    change(lab, "replica1", seconds="7")
    cache.clear()
    lab.post(reverse("lab_release"))
    assert controls.state("replica1") == UNTOUCHED


def test_one_replica_that_cannot_be_put_back_is_no_hindrance_for_the_other(lab, monkeypatch):
    for name in ("replica1", "replica2"):
        change(lab, name, seconds="2")
    restore = controls.restore

    def fail_for_the_first(alias, before):
        if alias == "replica1":
            raise controls.ControlError("replica1: no answer.")
        restore(alias, before)

    with monkeypatch.context() as patch:
        patch.setattr(controls, "restore", fail_for_the_first)
        assert lab.post(reverse("lab_release")).status_code == 409
    assert controls.state("replica2") == UNTOUCHED
    assert lease.held() == ["replica1"]
    with notes.changed(lease.NOTE) as note:
        lease._put_back(note)
    assert controls.state("replica1") == UNTOUCHED


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("replica1", {"seconds": "11"}),
        ("replica1", {"seconds": "-1"}),
        ("replica1", {"seconds": "x"}),
        ("default", {}),
    ],
)
def test_what_makes_no_sense_is_refused_with_a_reason(lab, name, fields):
    response = change(lab, name, **fields)
    assert response.status_code == 409
    assert response.json()["error"]


@pytest.mark.parametrize(("name", "args", "fields"), CONTROLS)
def test_a_control_needs_the_superuser_a_post_and_a_token(client, name, args, fields):
    url = reverse(name, args=args)
    assert client.post(url, fields).status_code == 403
    client.force_login(EditorFactory())
    assert client.post(url, fields).status_code == 403
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(SuperuserFactory())
    assert strict.post(url, fields).status_code == 403
    assert strict.get(url).status_code == 405
    assert notes.read(lease.NOTE) == {}


def test_a_cluster_without_the_role_is_told_what_to_do(lab, cluster):
    cluster.primary.ask("ALTER ROLE lab RENAME TO elsewhere")
    cluster.wait_until_replayed("replica1")
    try:
        response = change(lab, "replica1", seconds="1")
    finally:
        cluster.primary.ask("ALTER ROLE elsewhere RENAME TO lab")
        cluster.wait_until_replayed("replica1")
    assert response.status_code == 409
    assert "Stop `make run` and start it again" in response.json()["error"]


@pytest.mark.parametrize(
    "sql", ["ALTER SYSTEM SET work_mem = '1MB'", "SELECT * FROM pg_authid", "SELECT pg_promote()", "CREATE TABLE x ()"]
)
def test_the_role_may_do_nothing_else(sql):
    with pytest.raises(controls.ControlError), controls._cursor("replica1") as cursor:
        cursor.execute(sql)


def test_the_role_reads_nothing_of_the_newspaper(cluster):
    url = cluster.replicas[0].url("lab")
    with psycopg2.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(oid, 'SELECT') FROM pg_class WHERE relname = 'auth_user'")
        assert cursor.fetchall() in ([], [(False,)])
    connection.close()


def test_the_row_is_a_draft_that_goes_with_the_lease(lab):
    SectionFactory()
    for _ in range(2):
        assert lab.post(reverse("lab_write")).status_code == 200
    assert Story.objects.get(slug=nodes.ROW).status == Story.Status.DRAFT
    lease.release("")
    assert not Story.objects.filter(slug=nodes.ROW).exists()
