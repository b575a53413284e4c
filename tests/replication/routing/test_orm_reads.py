"""Every way in which the ORM reads: who wrote sees the write, who did not gets one moment in time from one replica."""

import pytest
from django.db.models import Count, Exists, OuterRef, Prefetch
from django.http import HttpResponse, JsonResponse
from django.test import Client
from django.urls import path

from tests.samples.models import Article, Note, Review, Topic

databases = ["default", "replica1", "replica2"]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db(transaction=True, databases=databases)]


def refreshed():
    article = Article(pk=Article.objects.values_list("pk", flat=True).get())
    article.refresh_from_db()
    return article.title


def parent():
    return Review.objects.only("verdict").get().article_ptr.title


def prefetched(lookup):
    return Topic.objects.prefetch_related(lookup).get()


# Each gives "old" or "new", from one or several statements.
READS = {
    "get": lambda: Article.objects.get().title,
    "in_bulk": lambda: next(iter(Article.objects.in_bulk().values())).title,
    "iterator": lambda: next(Article.objects.iterator()).title,
    "iterator of values": lambda: next(Article.objects.values_list("title", flat=True).iterator(chunk_size=1)),
    "raw": lambda: Article.objects.raw("SELECT * FROM samples_article")[0].title,
    "refresh_from_db": refreshed,
    "deferred field": lambda: Article.objects.only("pk").get().title,
    "deferred field of a parent": lambda: Review.objects.only("verdict").get().title,
    "select_related": lambda: Article.objects.select_related("topic").get().topic.name,
    "foreign key": lambda: Article.objects.get().topic.name,
    "reverse foreign key": lambda: Topic.objects.get().main_articles.get().title,
    "many to many": lambda: Article.objects.get().topics.get().name,
    "reverse many to many": lambda: Topic.objects.get().articles.get().title,
    "prefetch": lambda: prefetched("articles").articles.all()[0].title,
    "prefetch into a list": lambda: prefetched(Prefetch("articles", to_attr="mine")).mine[0].title,
    "prefetch through two": lambda: prefetched("articles__notes").articles.all()[0].notes.all()[0].text,
    "generic relation": lambda: Article.objects.get().notes.get().text,
    "generic foreign key": lambda: Note.objects.get().subject.title,
    "prefetched generic foreign key": lambda: Note.objects.prefetch_related("subject")[0].subject.title,
    "query through a generic relation": lambda: Article.objects.filter(notes__isnull=False).get().title,
    "child": lambda: Review.objects.get().title,
    "child of a parent": lambda: Article.objects.get().review.verdict,
    "parent of a child": parent,
    "subquery": lambda: Topic.objects.filter(Exists(Article.objects.filter(topics=OuterRef("pk")))).get().name,
    "aggregate": lambda: "old" if Article.objects.filter(title="old").aggregate(n=Count("pk"))["n"] else "new",
}


def reads(request):
    return JsonResponse({how: read() for how, read in READS.items()})


def writes(request):
    change("new")
    return HttpResponse("written")


urlpatterns = [path("reads/", reads), path("writes/", writes)]


def change(text):
    Article.objects.update(title=text)
    Review.objects.update(verdict=text)
    Topic.objects.update(name=text)
    Note.objects.update(text=text)


@pytest.fixture(autouse=True)
def _old(wait_until_replayed):
    topic = Topic.objects.create(name="old")
    review = Review.objects.create(title="old", verdict="old", topic=topic)
    review.topics.add(topic)
    Article.objects.get().notes.create(text="old")
    wait_until_replayed()


def test_the_writer_reads_what_was_written_in_every_way(each_router, replay_paused):
    client = Client()
    with replay_paused("replica1", "replica2"):
        client.post("/writes/")
        seen = client.get("/reads/").json()
    assert seen == dict.fromkeys(READS, {"ours": "new", "published": "old"}[each_router])


def test_the_writer_reads_from_the_replica_that_has_it_in_every_way(replay_paused):
    client = Client()
    with replay_paused("replica1"):
        client.post("/writes/")
        seen = client.get("/reads/")
    assert seen.json() == dict.fromkeys(READS, "new")
    timing = seen.headers["Server-Timing"]
    assert 'replica2;desc="public path"' in timing
    assert 'replica1;desc="public path"' not in timing


def test_a_reader_gets_one_moment_in_time_in_every_way(each_router, replay_paused):
    with replay_paused("replica1"):
        change("new")
        pages = [Client().get("/reads/").json() for _ in range(6)]
    moments = {len(set(page.values())) for page in pages}
    assert moments == {"ours": {1}, "published": {2}}[each_router]
