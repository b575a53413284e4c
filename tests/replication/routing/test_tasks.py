"""A task on a worker of its own reads from a replica, and nothing older than the write that it was started for."""

import subprocess

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import path
from django_tasks import default_task_backend
from django_tasks_db.models import DBTaskResult

from backoffice.models import Section
from routing.bookmarks import bookmark
from routing.guard import PublicWriteError
from tests.support.processes import python
from tests.support.tasks import describe

databases = ["default", "replica1", "replica2"]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True, databases=databases)]


def publish(request):
    """Write, and once that is committed enqueue a task that must see it."""
    results = []
    with transaction.atomic():
        Section.objects.create(name="new", slug="new")
        transaction.on_commit(lambda: results.append(describe.enqueue(bookmark())))
    return HttpResponse(results[0].id)


def status(request, task):
    """A reader's page that looks after the task: the queue is pinned, so it is never missing."""
    return HttpResponse(default_task_backend.get_result(task).status)


def enqueue(request):
    """The queue is pinned: a reader's page may start a task, though not write anything else."""
    return HttpResponse(describe.enqueue("1:0/0").id)


urlpatterns = [path("publish/", publish), path("status/<task>/", status), path("enqueue/", enqueue)]


def work():
    """Run the worker until the queue is empty, in a process of its own."""
    worker = python("manage.py", "db_worker", "--batch", "--no-startup-delay", "--no-reload")
    subprocess.run(**worker, check=True, capture_output=True, timeout=50)


def result(task):
    finished = DBTaskResult.objects.get(pk=task)
    assert finished.status == "SUCCESSFUL", finished.traceback
    return finished.return_value


def test_a_task_reads_from_the_replica_that_has_what_it_was_started_for(replay_paused):
    with replay_paused("replica1"):
        tasks = [Client().post("/publish/").content.decode()]
        tasks += [describe.enqueue(bookmark()).id for _ in range(29)]
        assert Client().get(f"/status/{tasks[0]}/").content == b"READY"
        work()
        seen = [result(task) for task in tasks]
    assert [each["after"] for each in seen] == [{"alias": "replica2", "names": ["new"]}] * 30
    assert {"alias": "replica1", "names": []} in [each["any"] for each in seen]  # not so once in 10^9 runs


def test_a_task_reads_from_the_primary_while_no_replica_has_it(replay_paused):
    with replay_paused("replica1", "replica2"):
        task = Client().post("/publish/").content.decode()
        work()
        seen = result(task)
    assert seen["after"] == {"alias": "default", "names": ["new"]}
    assert seen["any"]["names"] == []


def test_a_readers_page_may_start_a_task_if_the_queue_is_pinned(settings):
    task = Client().get("/enqueue/").content.decode()
    assert DBTaskResult.objects.get(pk=task).status == "READY"
    settings.ROUTING = settings.ROUTING | {"PRIMARY_MODELS": []}
    with pytest.raises(PublicWriteError, match="writes django_tasks_database.DBTaskResult"):
        Client().get("/enqueue/")
