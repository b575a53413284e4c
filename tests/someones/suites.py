"""Tests of that project, as they were before routing came: test_someones_suites.py runs them with Django's runner."""

from concurrent.futures import ThreadPoolExecutor
from urllib.request import urlopen

from django.db import connection
from django.test import LiveServerTestCase, SimpleTestCase, TestCase, TransactionTestCase
from django.test.utils import CaptureQueriesContext

from tests.samples.models import Topic

MANY = 12  # readers at a time; three times PRIMARY_READS


class NamesTheReplicas(TransactionTestCase):
    databases = {"default", "replica1", "replica2"}

    def test_a_page_comes_from_a_replica(self):
        Topic.objects.create(name="tea")
        response = self.client.get("/")
        assert response.content == b"tea"
        assert "replica" in response["Server-Timing"]

    def test_a_page_after_a_write_shows_it(self):
        self.client.post("/", {"name": "tea"})
        assert self.client.get("/").content == b"tea"


class DefaultDatabases(TransactionTestCase):
    def test_a_page_comes_from_the_database_that_the_test_may_use(self):
        Topic.objects.create(name="tea")
        assert self.client.get("/").content == b"tea"

    def test_a_block_of_a_replica_does_so_too(self):
        assert self.client.get("/report/").content == b"0"

    def test_a_write_costs_no_statement_more(self):
        with self.assertNumQueries(2):
            self.client.post("/", {"name": "tea"})
        with self.assertNumQueries(1):
            self.client.get("/")


class AfterNamesTheReplicas(DefaultDatabases, NamesTheReplicas):
    """What another test connected to is still open."""

    databases = {"default"}
    test_a_page_comes_from_a_replica = None


class LiveServer(LiveServerTestCase):
    def test_a_page_comes_from_the_database_that_the_test_may_use(self):
        Topic.objects.create(name="tea")
        assert urlopen(self.live_server_url).read() == b"tea"

    def test_nobody_is_turned_away(self):
        with ThreadPoolExecutor(MANY) as pool:
            pages = list(pool.map(lambda _: urlopen(self.live_server_url).status, range(MANY * 4)))
        assert pages == [200] * MANY * 4


class InATransaction(TestCase):
    def test_no_statement_more(self):
        with self.assertNumQueries(1):
            self.client.get("/")
        with self.assertNumQueries(2):
            self.client.post("/", {"name": "tea"})
        with CaptureQueriesContext(connection) as captured:
            self.client.get("/")
        assert "pg_is_in_recovery" not in str(captured.captured_queries)


class NoDatabase(SimpleTestCase):
    def test_a_page_that_reads_is_refused_as_without_routing(self):
        with self.assertRaisesMessage(AssertionError, "Database queries to 'default' are not allowed"):
            self.client.get("/")
