"""The command: what it writes, what it leaves alone, and what it says."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backoffice.models import Section, Story
from backoffice.searching import find_stories
from tests.support.factories import SectionFactory, StoryFactory

FEEDS = Path(__file__).parent / "feeds"
SHARED = Path(__file__).parents[4] / "shared" / "feeds"
pytestmark = pytest.mark.django_db


def import_feed(*files, **options):
    """Return what the command printed on stdout; what it printed on stderr is in the error it raises."""
    out, err = StringIO(), StringIO()
    try:
        call_command("import_feed", *map(str, files), stdout=out, stderr=err, **options)
    except CommandError as error:
        error.printed, error.errors = out.getvalue(), err.getvalue()
        raise
    return out.getvalue()


def rows():
    return list(Story.objects.order_by("pk").values())


def feed(tmp_path, *items, name="feed.xml"):
    entries = "".join(
        f"<item><guid isPermaLink='false'>{guid}</guid><title>{title}</title></item>" for guid, title in items
    )
    path = tmp_path / name
    path.write_text(f"<rss version='2.0'><channel><title>t</title>{entries}</channel></rss>")
    return path


@pytest.mark.parametrize("path", sorted(FEEDS.glob("*.xml")), ids=lambda path: path.name)
def test_a_second_import_changes_nothing_and_writes_nothing(path):
    assert " 0 created" not in import_feed(path)
    before = rows()
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert f"0 created, 0 updated, {len(before)} unchanged" in import_feed(path)
    assert rows() == before
    assert not [each["sql"] for each in queries if each["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


@pytest.mark.skipif(not SHARED.is_dir(), reason="../shared/feeds is not here")
def test_real_feeds_import_twice_and_the_second_time_changes_nothing():
    files = sorted(SHARED.glob("*.xml"))
    assert import_feed(*files).count(" 0 created") == 0
    before = rows()
    again = import_feed(*files)
    assert again.count("0 created, 0 updated") == len(files)
    assert rows() == before


def test_an_imported_story_is_complete():
    import_feed(FEEDS / "rss20.xml")
    story = Story.objects.get(guid="ledger-1")
    assert story.slug == "replica-two-the-late-score"
    assert story.status == Story.Status.PUBLISHED
    assert story.section.name == "Wire"
    assert story.source_url == "https://ledger.example/late-score"
    assert "<strong>two</strong>" in story.body_html
    assert "steal" not in story.body_html
    assert "<img" not in story.body_html
    assert find_stories(Story.objects, "whistle").get() == story


def test_what_changed_in_the_feed_is_updated_and_nothing_else(tmp_path):
    import_feed(feed(tmp_path, ("1", "One"), ("2", "Two")))
    one, two = Story.objects.order_by("guid")
    out = import_feed(feed(tmp_path, ("1", "One, corrected"), ("2", "Two"), ("3", "Three")))
    assert "1 created, 1 updated, 1 unchanged" in out
    changed = Story.objects.get(guid="1")
    assert changed.headline == "One, corrected"
    assert (changed.slug, changed.published_at) == (one.slug, one.published_at)
    assert changed.updated_at > one.updated_at
    assert Story.objects.get(guid="2").updated_at == two.updated_at


def test_the_html_follows_the_body(tmp_path):
    path = feed(tmp_path, ("1", "One"))
    import_feed(path)
    path.write_text(
        path.read_text().replace("</title></item>", "</title><description>&lt;b>new&lt;/b></description></item>")
    )
    import_feed(path)
    assert Story.objects.get().body_html == "<p><strong>new</strong></p>\n"


def test_status_section_and_tags_of_an_editor_stay(tmp_path):
    import_feed(feed(tmp_path, ("1", "One")))
    section = SectionFactory()
    Story.objects.update(status=Story.Status.DRAFT, section=section)
    import_feed(feed(tmp_path, ("1", "One, corrected")))
    story = Story.objects.get()
    assert (story.headline, story.status, story.section) == ("One, corrected", Story.Status.DRAFT, section)


def test_a_bad_file_is_named_and_the_others_are_imported(tmp_path):
    with pytest.raises(CommandError, match="2 of 3 files not imported") as raised:
        import_feed(FEEDS / "broken/truncated.xml", feed(tmp_path, ("1", "One")), tmp_path / "missing.xml")
    assert raised.value.returncode == 1
    assert "truncated.xml: is not well-formed XML" in raised.value.errors
    assert "missing.xml: cannot be read: No such file or directory" in raised.value.errors
    assert "1 created" in raised.value.printed
    assert [story.guid for story in Story.objects.all()] == ["1"]


def test_a_file_that_the_database_refuses_is_not_imported_in_part(tmp_path, monkeypatch):
    # Someone else takes the slug between the look and the write.
    StoryFactory(slug="taken")
    monkeypatch.setattr("backoffice.importing._choose_slugs", lambda items: {"1": "free", "2": "taken"})
    with pytest.raises(CommandError) as raised:
        import_feed(feed(tmp_path, ("1", "One"), ("2", "Two")))
    assert "feed.xml: duplicate key" in raised.value.errors
    assert not Story.objects.filter(guid="1").exists()


def test_a_dry_run_says_what_it_would_do_and_writes_nothing(tmp_path):
    import_feed(feed(tmp_path, ("1", "One"), ("2", "Two")))
    before = rows()
    out = import_feed(feed(tmp_path, ("1", "Changed"), ("2", "Two"), ("3", "New")), dry_run=True, section="Other")
    assert "1 to create, 1 to update, 1 unchanged (dry run: nothing written)" in out
    assert rows() == before
    assert not Section.objects.filter(name="Other").exists()


def test_the_same_guid_twice_in_a_file_is_one_story(tmp_path):
    out = import_feed(feed(tmp_path, ("1", "Newest"), ("1", "Oldest")))
    assert "1 created, 0 updated, 0 unchanged, 1 repeated in the file" in out
    assert Story.objects.get().headline == "Newest"


def test_equal_headlines_get_slugs_of_their_own(tmp_path):
    StoryFactory(slug="one")
    import_feed(feed(tmp_path, ("1", "One"), ("2", "One"), ("3", "一")))
    slugs = set(Story.objects.exclude(guid=None).values_list("slug", flat=True))
    assert len(slugs) == 3
    assert all(slug.startswith(("one-", "story-")) for slug in slugs)


def test_a_long_headline_gets_a_short_slug(tmp_path):
    import_feed(feed(tmp_path, ("1", "replica lag " * 30)))
    story = Story.objects.get()
    assert len(story.slug) <= 80
    assert story.slug.endswith(("-replica", "-lag"))


def test_a_date_in_the_future_is_now(tmp_path):
    path = tmp_path / "feed.xml"
    path.write_text(
        "<rss version='2.0'><channel><title>t</title><item><guid>1</guid><title>One</title>"
        "<pubDate>Fri, 31 Dec 2100 00:00:00 GMT</pubDate></item></channel></rss>"
    )
    import_feed(path)
    assert Story.objects.get().published_at <= timezone.now()


def test_section_and_status_can_be_chosen(tmp_path):
    section = SectionFactory(name="Science", slug="science")
    import_feed(feed(tmp_path, ("1", "One")), section="science", status="draft")
    story = Story.objects.get()
    assert (story.section, story.status) == (section, Story.Status.DRAFT)


def test_a_large_file_costs_few_queries(tmp_path):
    path = feed(tmp_path, *((str(n), f"Story {n}") for n in range(400)))
    with CaptureQueriesContext(connection) as queries:
        import_feed(path)
    assert len(queries) < 15
    with CaptureQueriesContext(connection) as queries:
        import_feed(path)
    assert len(queries) < 6


def test_an_interrupted_import_is_one_line_and_leaves_no_part_of_a_file(tmp_path, monkeypatch):
    def interrupt(story):
        if story.guid == "3":
            raise KeyboardInterrupt

    monkeypatch.setattr(Story, "render", interrupt)
    with pytest.raises(CommandError, match="Interrupted. The files reported above are imported") as raised:
        import_feed(feed(tmp_path, ("1", "One")), feed(tmp_path, ("2", "Two"), ("3", "Three"), name="second.xml"))
    assert raised.value.returncode == 130
    assert raised.value.printed.count("\n") == 1
    assert list(Story.objects.values_list("guid", flat=True)) == ["1"]
