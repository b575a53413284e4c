"""routing.explain and manage.py explain_route say which rule decides: the same as the router, and without effect."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db import connections, transaction
from django.http import HttpRequest, JsonResponse
from django.test import Client
from django.urls import path
from django_middleware_global_request import GlobalRequest, get_request

from backoffice.models import Section
from routing import primary, replica
from routing import router as router_module
from routing.bookmarks.bookmark import Bookmark
from routing.driver import leave_pool
from routing.observing import explain
from routing.position import UNREACHABLE
from routing.reasons import Reason
from routing.survival import health
from tests.support.routing_urls import urlpatterns as routing_urls
from tests.support.routing_urls import where

REPLICAS = {"replica1", "replica2"}
pytestmark = pytest.mark.urls(__name__)


def explains(request):
    """Explain before the first read, after it, and say what the router did."""
    before = explain(request)
    untouched = not hasattr(request, "routing") or request.routing.replica is None
    aliases = [where(), explain(request).alias, where()]
    return JsonResponse({"before": before.rule, "untouched": untouched, "aliases": aliases})


def writes(request):
    Section.objects.create(name="New", slug="new")
    return JsonResponse([explain(request).rule], safe=False)


urlpatterns = [path("explains/", explains), path("writes/", writes), *routing_urls]


def test_the_numbers_are_those_of_the_table():
    table = re.findall(r"^ ?(\d+)   .*   (\w[\w ]+)$", router_module.__doc__, re.MULTILINE)
    assert {reason: int(number) for number, reason in table} == {each: each.rule for each in Reason if each.rule}


@pytest.mark.parametrize(
    ("method", "where", "reason", "why"),
    [
        ("get", "/", "public path", "any one replica"),
        ("get", "/admin", "primary path", "lies under /admin"),
        ("get", "/admin/backoffice/", "primary path", "lies under /admin"),
        ("get", "/administration-guide/", "public path", "any one replica"),
        ("post", "/", "unsafe method", "POST is not GET"),
        ("post", "/admin/", "primary path", "lies under /admin"),
    ],
)
def test_path_and_method_decide(rf, method, where, reason, why):
    explanation = explain(getattr(rf, method)(where))
    assert (explanation.reason, explanation.rule) == (reason, Reason(reason).rule)
    assert why in explanation.why
    assert (explanation.alias in REPLICAS) == (reason == "public path")


def test_overrides_around_the_call_count(rf):
    with primary():
        assert str(explain(rf.get("/"))) == "default: rule 4, override (the code says `with primary():`)"
    with replica():
        explanation = explain(rf.post("/"))
    assert (explanation.alias in REPLICAS, explanation.rule) == (True, 4)


def test_a_request_without_a_path_is_no_request():
    assert explain(HttpRequest()).rule == 5
    with primary():
        assert explain(HttpRequest()).rule == 4


@pytest.mark.django_db(transaction=True)
def test_a_transaction_around_the_call_counts(rf):
    with transaction.atomic():
        assert explain(rf.get("/")).rule == 6
    assert explain(rf.get("/")).rule == 10


def test_a_pinned_model_is_explained_when_it_is_named(rf):
    explanation = explain(rf.get("/"), get_user_model())
    assert (explanation.alias, explanation.rule, explanation.why) == (
        "default",
        3,
        "auth.User is pinned, whatever the path",
    )


def test_without_replicas_there_is_none(rf, settings):
    settings.ROUTING = {"REPLICAS": []}
    assert explain(rf.get("/")).rule == 10


def test_without_a_replica_that_is_fit_it_says_what_keeps_them_out_and_takes_nobodys_place(rf, settings):
    settings.ROUTING = {**settings.ROUTING, "PRIMARY_READS": 1}
    for name in REPLICAS:
        health.report(name, "no answer")
    for _ in range(3):
        explanation = explain(rf.get("/"))
        assert explanation.rule == 10
        assert "replica1: no answer" in explanation.why


def test_in_a_view_it_agrees_with_the_router_and_decides_nothing_itself():
    for _ in range(20):
        page = Client().get("/explains/").json()
        assert page["before"] == 10
        assert page["untouched"]
        assert len(set(page["aliases"])) == 1


@pytest.mark.django_db(transaction=True)
def test_after_a_write_it_says_so(settings):
    settings.ROUTING = {**settings.ROUTING, "PUBLIC_WRITES": "allow"}
    assert Client().get("/writes/").json() == [8]


def test_a_request_that_is_over_is_explained_as_it_was():
    response = Client().get("/explains/")
    alias = response.json()["aliases"][0]
    assert {explain(response.wsgi_request).alias for _ in range(20)} == {alias}


def test_neither_the_request_nor_what_is_in_scope_changes(rf):
    request, other = rf.get("/"), rf.get("/other/")
    before = dict(vars(request))
    with GlobalRequest(request=other):
        explain(request)
        assert get_request() is other
        assert not hasattr(other, "routing")
    assert vars(request) == before


@pytest.mark.django_db(transaction=True)
def test_the_command_names_rule_bookmark_user_and_pinned_models(capsys, admin_user):
    call_command("explain_route", "/admin/?q=1", method="post", user="admin")
    request, reads, noted, user, pinned, writes = capsys.readouterr().out.splitlines()
    assert request == "request   POST /admin/"
    assert reads == "reads     default: rule 7, primary path (the path lies under /admin)"
    assert noted == "bookmark  none"
    assert user == "user      admin"
    assert {"auth.User", "sessions.Session"} <= set(re.split("[ ,:]+", pinned))
    assert pinned.endswith(": default, rule 3, whatever the path and user")
    assert writes == "writes    default"


@pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"])
@pytest.mark.parametrize("signed", [True, False], ids=["a cookie's value", "a position"])
def test_the_command_takes_a_bookmark(capsys, signed):
    call_command("explain_route", "/", bookmark=Bookmark(UNREACHABLE).sign() if signed else str(UNREACHABLE))
    output = capsys.readouterr().out
    assert f"rule 9, bookmark (no replica has replayed {UNREACHABLE})" in output
    assert f"bookmark  {UNREACHABLE}, looked for a replica for " in output


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("arguments", "message", "status"),
    [
        (["stories/"], "Start it with a slash: explain_route /stories/", 2),
        (["http://localhost/"], "is not a path", 2),
        (["/", "--user", "nobody"], "There is no user 'nobody'", 1),
        (["/", "--bookmark", "1:0"], "neither a WAL position", 1),
        (["/", "--bookmark", "1:0.3~~:1abc:forged"], "nor a valid bookmark of this site", 1),
    ],
)
def test_the_command_names_a_mistake(arguments, message, status):
    with pytest.raises(CommandError, match=re.escape(message)) as error:
        call_command("explain_route", *arguments)
    assert error.value.returncode == status


@pytest.mark.django_db(transaction=True)
def test_the_command_says_when_the_primary_does_not_answer(in_a_new_thread):
    def explain_for_a_user():
        leave_pool(connections["default"])
        connections["default"].settings_dict = {**connections["default"].settings_dict, "PORT": 1}
        with pytest.raises(CommandError, match="The primary does not answer: ") as error:
            call_command("explain_route", "/", user="editor")
        return error.value.returncode

    assert in_a_new_thread(explain_for_a_user) == 1
