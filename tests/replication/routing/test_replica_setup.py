"""REPLICA_SETUP puts a replica's session into the state that a request needs, before its first statement."""

import pytest
from django.db import connections
from django.http import HttpRequest

from backoffice.models import Story
from routing import replica
from routing.request import RequestScope

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])
calls = []


def set_tenant(connection, request):
    tenant = getattr(request, "tenant", None)
    calls.append(tenant)
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.tenant', %s, false)", [tenant or ""])
    if tenant == "broken":
        raise ValueError("no such tenant")
    return request is None or tenant is not None


@pytest.fixture(autouse=True)
def _setup(settings):
    calls.clear()
    for name in ("replica1", "replica2"):
        connections[name].close()
    settings.ROUTING = {**settings.ROUTING, "REPLICAS": ["replica1"], "REPLICA_SETUP": f"{__name__}.set_tenant"}
    yield
    for name in ("replica1", "replica2"):
        connections[name].close()
        vars(connections[name]).pop("_cursor", None)


@pytest.fixture
def as_tenant():
    def run(tenant, function):
        request = HttpRequest()
        request.method, request.path_info = "GET", "/"
        if tenant:
            request.tenant = tenant
        scope = RequestScope(request)
        scope.enter()
        try:
            return function()
        finally:
            scope.leave()

    return run


def ask():
    """Ask the request's replica, as a queryset would."""
    with connections[Story.objects.all().db].cursor() as cursor:
        cursor.execute("SELECT current_setting('app.tenant', true)")
        return cursor.fetchone()[0]


def ask_twice():
    return ask(), ask()


def test_each_request_finds_its_own_state_and_pays_for_it_once(as_tenant):
    assert as_tenant("one", ask_twice) == ("one", "one")
    assert as_tenant("two", ask_twice) == ("two", "two")
    assert calls == ["one", "two"]


def test_a_new_connection_is_set_up_again(as_tenant):
    def reconnect():
        before = ask()
        connections["replica1"].close()
        return before, ask()

    assert as_tenant("one", reconnect) == ("one", "one")
    assert calls == ["one", "one"]


def test_a_request_within_a_request_leaves_no_state(as_tenant):
    assert as_tenant("one", lambda: (ask(), as_tenant("two", ask), ask())) == ("one", "two", "one")


def test_it_is_called_again_until_it_can_tell(as_tenant):
    assert as_tenant(None, ask_twice) == ("", "")
    assert calls == [None, None]


def test_what_it_raises_is_raised_and_no_state_is_relied_on(as_tenant):
    def ask_until_it_works():
        with pytest.raises(ValueError, match="no such tenant"):
            ask()
        with pytest.raises(ValueError, match="no such tenant"):
            ask()

    as_tenant("broken", ask_until_it_works)
    assert as_tenant("one", ask) == "one"


def test_outside_of_requests_no_tenant_is_left(as_tenant):
    as_tenant("one", ask)
    with replica():
        assert ask_twice() == ("", "")
    as_tenant("one", ask)
    with connections["replica1"].cursor() as cursor:
        cursor.execute("SELECT current_setting('app.tenant', true)")
        assert cursor.fetchone() == ("",)
    assert calls == ["one", None, "one", None]


def test_a_connection_that_no_request_has_used_is_left_alone():
    """The watchers' are such."""
    with connections["replica1"].cursor() as cursor:
        cursor.execute("SELECT 1")
    connections["replica1"].close()
    with connections["replica1"].cursor() as cursor:
        cursor.execute("SELECT 1")
    assert calls == []
