"""Transactions around a view, and requests within requests."""

import pytest
from django.db import connections, transaction
from django.forms import ModelForm
from django.http import HttpResponse, JsonResponse
from django.test import Client
from django.urls import include, path

from backoffice.models import Section
from routing.pytest_plugin import assert_queries
from tests.samples.models import Article, Topic
from tests.support.factories import SectionFactory
from tests.support.routing_urls import where

databases = ["default", "replica1", "replica2"]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True, databases=databases)]


class ArticleForm(ModelForm):
    class Meta:
        model = Article
        fields = ["title", "topic"]


def form(request):
    form = ArticleForm(request.POST)
    if not form.is_valid():
        return JsonResponse(form.errors)
    article = form.save()
    article.refresh_from_db()
    return HttpResponse(article.topic.name)


def count(request):
    return HttpResponse(f"{where()} {Section.objects.count()}")


@transaction.non_atomic_requests
def count_for_readers(request):
    return count(request)


def asks_itself(request):
    """A view that uses a test client, as some sites do to render another page of theirs."""
    before = where()
    inner = Client()
    answers = [inner.get("/plain/"), inner.get("/admin/plain/"), inner.post("/write/", {"name": "inner"})]
    return JsonResponse({"before": before, "answers": [each.content.decode() for each in answers], "after": where()})


def only_asks_itself(request):
    before = where()
    answer = Client().get("/admin/plain/").content.decode()
    return JsonResponse([before, answer, where()], safe=False)


urlpatterns = [
    path("form/", form),
    path("count/", count),
    path("public/", count_for_readers),
    path("asks/", asks_itself),
    path("only-asks/", only_asks_itself),
    path("admin/plain/", count),
    path("", include("tests.support.routing_urls")),
]


def test_a_public_form_knows_a_fresh_row_and_a_taken_name(each_router, replay_paused, wait_until_replayed):
    old = Topic.objects.create(name="old")
    wait_until_replayed()
    with replay_paused("replica1", "replica2"):
        topic = Topic.objects.create(name="fresh")
        Article.objects.create(title="taken")
        fresh = Client(raise_request_exception=False).post("/form/", {"title": "mine", "topic": topic.pk})
        taken = Client(raise_request_exception=False).post("/form/", {"title": "taken", "topic": old.pk})
    if each_router == "ours":
        assert fresh.content == b"fresh"
        assert taken.json() == {"title": ["Article with this Title already exists."]}
    else:
        assert "Select a valid choice" in fresh.json()["topic"][0]
        assert taken.status_code == 500  # IntegrityError


@pytest.fixture
def _atomic_requests(monkeypatch):
    monkeypatch.setitem(connections["default"].settings_dict, "ATOMIC_REQUESTS", True)


@pytest.mark.usefixtures("_atomic_requests")
def test_a_view_in_a_transaction_reads_the_primary_and_one_without_a_replica(replay_paused):
    with replay_paused("replica1", "replica2"):
        SectionFactory()
        assert Client().get("/count/").content == b"default 1"
        with assert_queries(replicas=1):
            assert Client().get("/public/").content.startswith(b"replica")
        assert Client().post("/write/", {"name": "new"}).content == b"default"


def test_a_request_within_a_request_has_a_route_of_its_own(replay_paused):
    before, inner, after = Client().get("/only-asks/").json()
    assert inner.startswith("default")
    assert before == after != "default"


def test_what_a_request_within_a_request_wrote_counts_for_both(replay_paused):
    browser = Client()
    with replay_paused("replica1", "replica2"):
        page = browser.get("/asks/").json()
        assert page["before"] != "default"
        assert page["after"] == "default"
        assert "inner" in browser.get("/names/").json()["names"]
