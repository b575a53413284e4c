"""Users are pinned for logins. As content, by a relation or in a list, they are read like anything else."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from backoffice.models import Section
from cluster import faults
from routing import page_database, replica
from routing.pytest_plugin import count_queries
from tests.samples.models import Topic

User = get_user_model()
pytestmark = [
    pytest.mark.urls(__name__),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]


def logs(request):
    """What users have done: rows that lead to users."""
    from django.contrib.admin.models import LogEntry

    entries = LogEntry.objects.using(page_database())
    return HttpResponse(" ".join(entry.user.username for entry in entries))


def lists_users(request):
    names = ",".join(User.objects.using(page_database()).values_list("username", flat=True))
    return HttpResponse(f"{names} {page_database()} {request.user.username or 'nobody'}")


@replica()
def opts_in(request):
    return HttpResponse(f"{request.user.username or 'nobody'} {Section.objects.all().db}")


def newcomer(request):
    """A user who is there, and what belongs to them."""
    user = User.objects.get(username="new")
    return HttpResponse(f"{user.logentry_set.count()} {user.logentry_set.all().db}")


def kept(request):
    """What Django keeps, and a get_or_create whose row is there."""
    ContentType.objects.clear_cache()
    ContentType.objects.get_for_model(Topic)
    topic, created = Topic.objects.get_or_create(name="old")
    return HttpResponse(f"{topic.name} {created}")


urlpatterns = [
    path("logs", logs),
    path("users", lists_users),
    path("opts-in", opts_in),
    path("newcomer", newcomer),
    path("kept", kept),
]


@pytest.fixture
def ann():
    return User.objects.create_user("ann", password="pw")


def test_a_page_of_a_lagging_replica_still_leads_to_a_user_that_is_deleted_by_now(
    ann, replay_paused, wait_until_replayed
):
    from django.contrib.admin.models import LogEntry

    LogEntry.objects.create(user=ann, action_flag=1, object_repr="x")
    wait_until_replayed()
    with replay_paused("replica1", "replica2"):
        ann.delete()
        assert Client().get("/logs").content == b"ann"


def test_a_list_of_users_comes_from_a_replica_and_who_is_logged_in_does_not(ann, replay_paused, wait_until_replayed):
    wait_until_replayed()
    browser = Client()
    with replay_paused("replica1", "replica2"):
        browser.force_login(ann, "django.contrib.auth.backends.ModelBackend")
        User.objects.create_user("new")
        names, alias, user = browser.get("/users").content.decode().split()
    assert (names, user) == ("ann", "ann")
    assert alias in {"replica1", "replica2"}


def test_a_view_that_opts_in_keeps_its_login(ann, replay_paused, wait_until_replayed):
    wait_until_replayed()
    browser = Client()
    with replay_paused("replica1", "replica2"):
        browser.force_login(ann, "django.contrib.auth.backends.ModelBackend")
        response = browser.get("/opts-in")
        assert response.content.decode().split()[0] == "ann"
        assert response.content.decode().split()[1] in {"replica1", "replica2"}
        assert "sessionid" not in response.cookies


def test_what_belongs_to_a_user_of_the_primary_is_read_there(replay_paused):
    with replay_paused("replica1", "replica2"):
        user = User.objects.create_user("new")
        user.logentry_set.create(action_flag=1, object_repr="x")
        assert Client().get("/newcomer").content == b"1 default"


def test_without_the_primary_pages_read_what_is_pinned_from_their_replica(cluster, wait_until_replayed):
    Topic.objects.create(name="old")
    ContentType.objects.get_for_model(Topic)
    wait_until_replayed()
    faults.kill(cluster, "primary")
    try:
        response = Client(raise_request_exception=False).get("/kept")
        assert (response.status_code, response.content) == (200, b"old False")
    finally:
        faults.start(cluster, "primary")


def test_without_the_primary_nobody_is_taken_for_somebody(ann, cluster, wait_until_replayed):
    browser = Client(raise_request_exception=False)
    browser.force_login(ann, "django.contrib.auth.backends.ModelBackend")
    wait_until_replayed()
    faults.kill(cluster, "primary")
    try:
        assert browser.get("/users").content.decode().split()[2] == "nobody"
    finally:
        faults.start(cluster, "primary")


def test_deletions_are_as_fast_as_without_routing(ann):
    from django.contrib.sessions.models import Session
    from django.utils import timezone

    Session.objects.bulk_create(
        [Session(session_key=f"k{n}", session_data="", expire_date=timezone.now()) for n in range(500)]
    )
    with count_queries() as counts:
        Session.objects.filter(expire_date__lt=timezone.now()).delete()
    assert counts["default"] == 3  # BEGIN, DELETE, COMMIT
