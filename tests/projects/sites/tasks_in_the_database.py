"""django-tasks with its queue in the database: a page starts a task, a worker runs it, a page asks for the result."""

import logging

from bare import found, paused, project, tables, visitor

project(
    "django_tasks",
    "django_tasks_db",
    routing={"PRIMARY_MODELS": ["django_tasks_database"]},
    TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}},
)

from django.core.management import call_command
from django.db import models, transaction
from django.http import HttpResponse
from django.urls import path
from django_tasks import default_task_backend, task

from routing import replica
from routing.bookmarks import bookmark


class Note(models.Model):
    text = models.TextField()

    class Meta:
        app_label = "admin"

    def __str__(self):
        return self.text


@task()
def read(pk, position):
    with replica(after=position):
        return Note.objects.get(pk=pk).text


def save(request):
    note = Note(text="saved")
    with transaction.atomic():
        note.save()
        transaction.on_commit(lambda: started.append(read.enqueue(note.pk, bookmark()).id))
    return HttpResponse()


def start(request):
    """A reader's page that starts a task."""
    started.append(read.enqueue(1, None).id)
    return HttpResponse(started[-1])


def result(request):
    found = default_task_backend.get_result(request.GET["id"])
    return HttpResponse(f"{found.status} {found.return_value if found.is_finished else ''}")


started = []
urlpatterns = [path("save", save), path("start", start), path("result", result)]
tables(Note)
assert found() == []
logging.disable(logging.WARNING)
with paused():
    assert visitor().post("/save").status_code == 200
    call_command("db_worker", batch=True, verbosity=0)
    assert visitor().get(f"/result?id={started[0]}").content == b"SUCCESSFUL saved"
    browser = visitor()
    assert browser.get("/start").status_code == 200
    assert browser.get(f"/result?id={started[-1]}").content.startswith(b"READY")
