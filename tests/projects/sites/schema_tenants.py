"""django-tenants: a schema for each tenant, with the recipe of routing/APPS.md."""

from bare import USERS, caught_up, found, paused, project, visitor

project(
    "django.contrib.sites",
    "django.contrib.flatpages",
    "django_tenants",
    engine="django_tenants.postgresql_backend",
    middleware=["django_tenants.middleware.main.TenantMainMiddleware"],
    routing={"REPLICA_SETUP": "__main__.set_tenant"},
    SHARED_APPS=[*USERS, "django_tenants"],
    TENANT_APPS=["django.contrib.contenttypes", "django.contrib.sites", "django.contrib.flatpages"],
    TENANT_MODEL="admin.Client",
    TENANT_DOMAIN_MODEL="admin.Domain",
    DATABASE_ROUTERS=["django_tenants.routers.TenantSyncRouter", "routing.router.PathRouter"],
)

from django.conf import settings
from django.contrib.flatpages.models import FlatPage
from django.core.management import call_command
from django.db import connection
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path
from django_tenants.models import DomainMixin, TenantMixin
from django_tenants.utils import tenant_context

settings.MIDDLEWARE.insert(1, settings.MIDDLEWARE.pop())  # above the session's


def set_tenant(connection, request):
    if tenant := getattr(request, "tenant", None):
        connection.set_tenant(tenant)
        return True
    connection.set_schema_to_public()
    return request is None


class Client(TenantMixin):
    class Meta:
        app_label = "admin"


class Domain(DomainMixin):
    class Meta:
        app_label = "admin"


urlpatterns = [path("", lambda request: HttpResponse(" ".join(page.title for page in FlatPage.objects.all())))]
call_command("migrate_schemas", "--shared", verbosity=0)
with connection.schema_editor() as editor:
    editor.create_model(Client)
    editor.create_model(Domain)
assert found() == []
with override_settings(ROUTING={}):
    assert "routing.W017" in found()
for name in ("one", "two"):
    client = Client(schema_name=name)
    client.save(verbosity=0)
    Domain.objects.create(domain=f"{name}.example", tenant=client)
    with tenant_context(client):
        FlatPage.objects.create(url="/", title=f"page of {name}")
    connection.set_schema_to_public()
caught_up()


def page(name):
    answer = visitor(Host=f"{name}.example").get("/")
    return answer.status_code, answer.content.decode()


with paused():
    for client in Client.objects.all():
        with tenant_context(client):
            FlatPage.objects.all().delete()  # what is read is a replica's
    connection.set_schema_to_public()
    for name in ("one", "two", "one"):
        assert page(name) == (200, f"page of {name}"), page(name)
