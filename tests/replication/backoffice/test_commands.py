"""Every command reads what it wrote, while both replicas stand still: by itself, and run by a public page."""

import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command, get_commands, load_command_class
from django.core.management.base import BaseCommand
from django.test import Client
from django.utils import timezone

from backoffice.models import Story
from routing import PrimaryCommand
from tests.support.factories import StoryFactory

pytestmark = [
    pytest.mark.urls("tests.replication.backoffice.urls"),
    pytest.mark.django_db(transaction=True, databases=["default", "replica1", "replica2"]),
]
FEED = str(Path(__file__).parents[2] / "unit/backoffice/feeds/rss20.xml")


def alone(name, *arguments):
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def on_a_public_page(name, *arguments):
    response = Client().get(f"/run/{name}/", {"argument": arguments})
    assert response.status_code == 200
    assert response["X-Alias"].startswith("replica")  # this page's own reads do go to a replica
    return response.content.decode()


@pytest.fixture(params=[alone, on_a_public_page])
def run(request):
    return request.param


def test_import_feed_knows_what_it_imported(run, paused):
    assert "3 created, 0 updated, 0 unchanged" in run("import_feed", FEED)
    assert "0 created, 0 updated, 3 unchanged" in run("import_feed", FEED)
    assert not Story.objects.using("replica1").exists()


def test_import_feed_sees_a_change_made_a_moment_ago(run, paused):
    run("import_feed", FEED)
    Story.objects.filter(guid="ledger-1").update(headline="Changed")
    assert "0 created, 1 updated, 2 unchanged" in run("import_feed", FEED)


def test_publish_due_finds_what_was_scheduled_a_moment_ago(run, paused):
    StoryFactory(scheduled=True, slug="due", published_at=timezone.now() - datetime.timedelta(minutes=1))
    assert "published due: " in run("publish_due")
    assert run("publish_due") == "nothing is due\n"


def test_load_demo_finds_what_it_loaded(run, paused):
    assert "stories made" in run("load_demo")
    assert "nothing to do" in run("load_demo")


def test_seed_stories_goes_on_where_it_ended(run, paused):
    for _ in range(2):
        assert run("seed_stories", "--count", "5") == "5 stories added\n"
    assert Story.objects.filter(guid="seed:10").exists()


def test_all_commands_of_the_back_office_are_primary_commands():
    names = [name for name, app in get_commands().items() if app == "backoffice"]
    assert len(names) == 4
    assert all(isinstance(load_command_class("backoffice", name), PrimaryCommand) for name in names)


class Looks(BaseCommand):
    """An ordinary command, and its reads where Django's router sends them."""

    def handle(self, **options):
        self.stdout.write(Story.objects.all().db)


def test_an_ordinary_command_on_a_public_page_reads_a_replica(monkeypatch):
    # What the tests above would meet if import_feed and the others were no PrimaryCommands.
    monkeypatch.setattr("django.core.management.load_command_class", lambda app, name: Looks())
    assert on_a_public_page("import_feed").startswith("replica")
