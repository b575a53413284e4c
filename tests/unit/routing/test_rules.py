"""The rules of routing/router.py, one by one, through real requests. No SQL runs: only the choice counts."""

import pytest
from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import router
from django.test import Client
from django_middleware_global_request import GlobalRequest

from backoffice.models import Section
from routing import PrimaryCommand, primary, replica
from tests.support.routing_urls import where

REPLICAS = {"replica1", "replica2"}
pytestmark = pytest.mark.urls("tests.support.routing_urls")


@pytest.fixture
def in_a_request(rf):
    """The request of a reader in scope, without any middleware."""
    with GlobalRequest(request=rf.get("/plain/")):
        yield


def get(path):
    return Client().get(path)


def test_a_public_page_reads_from_one_replica_throughout():
    aliases = get("/many/").json()
    assert len(set(aliases)) == 1
    assert set(aliases) <= REPLICAS


def test_requests_are_spread_over_the_replicas():
    counts = [get("/plain/").content.decode() for _ in range(200)]
    assert 60 < counts.count("replica1") < 140  # 100 expected; outside once in 10^8 runs


def test_no_request_in_scope_means_the_primary():
    assert where() == "default"


def test_a_request_without_a_path_is_no_request():
    with GlobalRequest(user=None):
        assert where() == "default"


@pytest.mark.django_db(transaction=True, databases=["default", *REPLICAS])
def test_a_transaction_on_the_primary_keeps_reads_there():
    inside, after = get("/atomic/").json()
    assert inside == "default"
    assert after in REPLICAS


def test_users_are_read_from_the_primary_and_the_rest_from_a_replica():
    user, section = get("/pinned/").json()
    assert user == "default"
    assert section in REPLICAS


@pytest.mark.parametrize("path", ["/admin", "/admin/", "/admin/backoffice/story/"])
def test_the_admin_reads_from_the_primary(path, rf):
    with GlobalRequest(request=rf.get(path)):
        assert where() == "default"


@pytest.mark.parametrize("path", ["/administration-guide/", "/adminx", "/plain/admin/", "/ADMIN/"])
def test_what_only_looks_like_the_admin_is_public(path, rf):
    with GlobalRequest(request=rf.get(path)):
        assert where() in REPLICAS


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_unsafe_methods_read_from_the_primary(method):
    assert getattr(Client(), method)("/plain/").content == b"default"


@pytest.mark.parametrize("method", ["get", "options"])
def test_safe_methods_read_from_a_replica(method):
    assert getattr(Client(), method)("/plain/").content.decode() in REPLICAS


def test_overrides_nest_and_share_the_replica_of_the_request():
    outer, inner, again, after = get("/overridden/").json()
    assert (outer, again) == ("default", "default")
    assert inner == after
    assert after in REPLICAS


def test_an_override_ends_with_an_exception():
    assert get("/raises/").content.decode() in REPLICAS


def test_a_report_without_a_request_opts_in_to_one_replica():
    with replica():
        aliases = {where() for _ in range(20)}
    assert len(aliases) == 1
    assert aliases <= REPLICAS
    assert where() == "default"


def test_overrides_decorate_functions(in_a_request):
    assert primary()(where)() == "default"
    assert replica()(where)() in REPLICAS


def test_one_override_may_be_entered_twice(in_a_request):
    both = primary()
    with both, both:
        pass
    assert where() in REPLICAS


async def _where():
    return where()


def test_overrides_decorate_coroutine_functions(in_a_request):
    from asgiref.sync import async_to_sync

    assert async_to_sync(primary()(_where))() == "default"


def test_overrides_refuse_generators():
    with pytest.raises(TypeError, match="is a generator"):

        @primary()
        def rows():
            yield 1


def test_using_is_obeyed(in_a_request):
    assert Section.objects.using("default").all().db == "default"
    assert Section.objects.using("replica2").all().db == "replica2"


def test_writes_go_to_the_primary_everywhere(in_a_request):
    with replica():
        assert router.db_for_write(Section) == "default"


def test_select_for_update_and_get_or_create_go_to_the_primary(in_a_request):
    assert Section.objects.select_for_update().db == "default"


def test_rows_of_the_primary_and_of_replicas_may_be_related():
    one, other = Section(), Section()
    one._state.db, other._state.db = "replica1", "default"
    assert router.allow_relation(one, other)
    other._state.db = "elsewhere"
    assert not router.allow_relation(one, other)


def test_relations_of_a_row_of_the_primary_are_read_there_unless_django_keeps_the_row(in_a_request):
    section, user, kept = Section(), get_user_model()(), ContentType()
    section._state.db = user._state.db = kept._state.db = "default"
    assert router.db_for_read(Section, instance=section) == "default"
    assert router.db_for_read(Section, instance=user) == "default"
    assert router.db_for_read(Section, instance=kept) in REPLICAS


def test_relations_of_a_replicas_row_are_read_from_the_page_even_if_they_lead_to_a_user(in_a_request):
    section = Section.from_db("replica2", ["id", "name"], [1, "News"])
    assert router.db_for_read(get_user_model(), instance=section) in REPLICAS
    assert router.db_for_read(get_user_model()) == "default"


def test_rows_of_another_database_are_none_of_ours(in_a_request):
    row, new = Section(), Section()
    row._state.db = "elsewhere"
    assert router.db_for_read(Section, instance=row) == "elsewhere"
    assert router.db_for_write(Section, instance=row) == "elsewhere"
    new._state.db = router.db_for_write(Section, instance=row)
    assert router.allow_relation(new, row, instance=new)


def test_deferred_fields_are_read_where_the_row_is_from(in_a_request):
    section = Section.from_db("replica2", ["id"], [1])
    with primary():
        assert router.db_for_read(Section, instance=section) == "replica2"


def test_replicas_are_not_migrated():
    assert router.allow_migrate("default", "backoffice")
    assert not router.allow_migrate("replica1", "backoffice")


class Command(PrimaryCommand):
    def handle(self, **options):
        return where()


def test_a_command_reads_from_the_primary_even_within_a_public_request(in_a_request):
    assert where() in REPLICAS
    assert Command().execute(force_color=False, no_color=True, skip_checks=True) == "default"


def test_a_stream_reads_from_one_replica_to_its_end():
    lines = {line.strip().decode() for line in get("/streams/").streaming_content}
    assert len(lines) == 1
    assert lines <= REPLICAS


def test_an_aborted_stream_leaves_no_request_behind():
    response = get("/streams/")
    next(iter(response.streaming_content))
    response.close()
    assert where() == "default"


def test_an_exception_in_a_view_leaves_no_request_behind():
    with pytest.raises(KeyError):
        Client().get("/fails/")
    assert where() == "default"
