"""PostgreSQL's row-level security: policies by a variable that the project's middleware sets."""

from bare import NAME, ask, caught_up, found, paused, project, tables, visitor

project(middleware=["__main__.Tenants"], routing={"REPLICA_SETUP": "__main__.set_tenant"})

from django.core.management import call_command
from django.db import connection, connections, models
from django.http import HttpResponse
from django.urls import path

from routing import replica


def set_tenant(connection, request):
    tenant = getattr(request, "tenant", None)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, false)", [tenant or ""])
    return request is None or tenant is not None


class Tenants:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        Note.objects.exists()  # a question before it is known whose rows may be seen
        request.tenant = request.headers["Tenant"]
        set_tenant(connection, request)
        return self.get_response(request)


class Note(models.Model):
    tenant = models.TextField()
    text = models.TextField()

    class Meta:
        app_label = "admin"

    def __str__(self):
        return self.text


def page(request):
    notes = [note.text for note in Note.objects.order_by("text")]
    streamed = [note.text for note in Note.objects.order_by("text").iterator()]
    assert notes == streamed
    return HttpResponse(" ".join(notes))


def inner(request):
    """A page within a page, of another tenant."""
    before = page(request).content
    other = visitor(Tenant="two").get("/").content
    return HttpResponse(b"|".join([before, other, page(request).content]))


def reconnecting(request):
    before = page(request).content
    for name in ("replica1", "replica2"):
        connections[name].close()
    return HttpResponse(before + b"|" + page(request).content)


urlpatterns = [path("", page), path("inner", inner), path("reconnecting", reconnecting)]
tables(Note)
assert found() == []
for tenant, text in (("one", "a"), ("one", "b"), ("two", "c")):
    Note(tenant=tenant, text=text).save()
policy = "CREATE POLICY own ON admin_note USING (tenant = current_setting('app.tenant', true))"
ask("default", f"ALTER TABLE admin_note ENABLE ROW LEVEL SECURITY; {policy}", NAME)
caught_up()
with paused():
    ask("default", "DELETE FROM admin_note", NAME)  # what is read is a replica's
    assert visitor(Tenant="one").get("/").content == b"a b"
    assert visitor(Tenant="two").get("/").content == b"c", "the state of the request before is left"
    assert visitor(Tenant="one").get("/inner").content == b"a b|c|a b"
    assert visitor(Tenant="one").get("/reconnecting").content == b"a b|a b"
    with replica():
        assert not Note.objects.exists(), "a request's tenant is left in the connection"
    assert not Note.objects.using("replica1").exists()
call_command("check")
