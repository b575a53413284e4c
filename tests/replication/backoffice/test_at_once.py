"""Two processes that do the same at once, and one that is interrupted."""

import datetime
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from backoffice.models import Story
from backoffice.one_at_a_time import one_at_a_time
from backoffice.publishing import publish_due
from tests.support.factories import StoryFactory

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[3]
FEED = ROOT / "tests/unit/backoffice/feeds/rss20.xml"


def on_another_connection(function):
    """Run `function` in this thread of a pool, and close the connection that it opened."""
    try:
        return function()
    finally:
        connection.close()


def wait_until(question):
    """Ask the database until it says yes."""
    with connection.cursor() as cursor:
        for _ in range(2000):
            cursor.execute(f"SELECT pg_stat_clear_snapshot(), EXISTS ({question}), pg_sleep(0.005)")
            if cursor.fetchone()[1]:
                return
    raise AssertionError(f"This never became so: {question}")


def test_of_two_publish_due_at_once_one_publishes():
    StoryFactory(scheduled=True, slug="due", published_at=timezone.now() - datetime.timedelta(minutes=1))
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            assert [slug for slug, _ in publish_due()] == ["due"]
            second = pool.submit(on_another_connection, publish_due)
            wait_until("SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE 'UPDATE%'")
        assert second.result() == []


def test_of_two_imports_at_once_one_creates():
    def import_feed():
        out = StringIO()
        call_command("import_feed", str(FEED), stdout=out)
        return out.getvalue()

    with ThreadPoolExecutor(2) as pool:
        with one_at_a_time("import_feed"):  # both stand at the door
            imports = [pool.submit(on_another_connection, import_feed) for _ in range(2)]
            wait_until("SELECT FROM pg_stat_activity WHERE query LIKE '%pg_try_advisory%' HAVING count(*) = 3")
        results = sorted(each.result().partition(": ")[2] for each in imports)
    assert results == ["0 created, 0 updated, 3 unchanged\n", "3 created, 0 updated, 0 unchanged\n"]


def test_ctrl_c_leaves_nothing_half_written_and_says_so_in_one_line():
    settings = connection.settings_dict
    url = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}/{NAME}".format(**settings)
    command = [sys.executable, "manage.py", "seed_stories", "--count", "1000000", "--skip-checks"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | {"DATABASE_URL": url}, stderr=subprocess.PIPE, text=True
    )
    wait_until("SELECT FROM pg_stat_activity WHERE query LIKE 'INSERT INTO backoffice_story (%'")
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert errors == "CommandError: Interrupted. Nothing was written.\n"
    assert process.returncode == 130
    assert not Story.objects.exists()
