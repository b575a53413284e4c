"""Reading feed files of every kind, and refusing what is none."""

import datetime
from pathlib import Path

import pytest

from backoffice.feed_files import FeedError
from backoffice.feed_items import read_item
from backoffice.feeds import read_feed

FEEDS = Path(__file__).parent / "feeds"


def items(name):
    feed = read_feed(FEEDS / name)
    return [read_item(entry, feed.feed.get("link", "")) for entry in feed.entries]


def written(tmp_path, content):
    path = tmp_path / "feed.xml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rss(item):
    return f'<rss version="2.0"><channel><title>t</title><link>https://x.example/</link>{item}</channel></rss>'


def only_item(tmp_path, item):
    (entry,) = read_feed(written(tmp_path, rss(f"<item>{item}</item>"))).entries
    return read_item(entry, "https://x.example/")


def test_rss_091_with_the_entities_of_its_dtd():
    cafe, relative = items("rss091.xml")
    assert cafe.headline == "Café reads its menu from a copy"
    assert cafe.body == "Guests were served yesterday’s soup."
    assert cafe.guid == cafe.source_url == "https://gazette.example/cafe"
    assert cafe.published_at is None
    assert relative.source_url == "https://gazette.example/relative"


def test_rss_092_items_may_lack_title_link_and_guid():
    described, titled = items("rss092.xml")
    assert described.headline.startswith("An item of RSS 0.92 may have nothing but a description")
    assert titled.headline == "An item with a title only"
    assert described.guid != titled.guid
    assert described.guid.startswith("sha256:")


def test_rss_20_with_content():
    score, permalink, without = items("rss20.xml")
    assert score.guid == "ledger-1"
    assert score.headline == "Replica Two & the late score"
    assert score.standfirst == "Yesterday's score was read out as today's."
    assert score.published_at == datetime.datetime(2021, 10, 14, 10, 59, 53, tzinfo=datetime.UTC)
    assert "It was **two** all." in score.body
    assert "[The table](https://ledger.example/table?a=1&b=2)" in score.body
    assert "The final whistle" in score.body
    assert "steal" not in score.body
    assert "a frame" not in score.body
    assert permalink.guid == permalink.source_url == "https://ledger.example/permalink"
    assert permalink.published_at is None
    assert without.guid == "https://ledger.example/without-guid"


def test_rdf():
    (item,) = items("rdf10.xml")
    assert item.guid == "https://journal.example/1"
    assert item.headline == "On the order of commits"
    assert item.source_url == "https://journal.example/1?rss=1"
    assert item.published_at.date() == datetime.date(2023, 12, 16)


def test_atom():
    robots, plain = items("atom10.xml")
    assert robots.headline == "Robots <b> run amok"
    assert robots.standfirst == "They read their writes."
    assert robots.body == "They *all* did, [here](https://atom.example/news/proof)."
    assert robots.source_url == "https://atom.example/news/robots"
    assert robots.published_at.isoformat() == "2024-05-01T06:30:00+00:00"
    assert plain.headline == "1 < 2 and *nothing* is bold"
    assert plain.body == r"Plain \<text> & a \*star\*."


@pytest.mark.parametrize(
    ("name", "headline"),
    [
        ("iso-8859-1.xml", "Überholt: die Kopie läuft nach"),
        ("windows-1251.xml", "Реплика отстаёт на две секунды"),
        ("utf-16.xml", "副本落後主庫兩秒"),
        ("utf-8-bom.xml", "Café marks its bytes"),
        ("says-utf-8-is-windows-1252.xml", "Café “quotes” itself"),
    ],
)
def test_encodings(name, headline):
    (item,) = items(name)
    assert item.headline == headline


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("broken/empty.xml", "is empty"),
        ("broken/truncated.xml", "not well-formed XML"),
        ("broken/page.html", "is an HTML page"),
        ("broken/other.xml", "is not a feed"),
        ("broken/prose.txt", "is not a feed"),
        ("missing.xml", "No such file"),
        ("broken", "Is a directory"),
    ],
)
def test_what_is_no_feed_is_refused_with_the_reason(name, reason):
    with pytest.raises(FeedError, match=reason):
        read_feed(FEEDS / name)


@pytest.mark.parametrize(
    "content",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"\x00" * 100,
        "<rss version='2.0'/>",
        rss("<item><title>unclosed</item>"),
        rss("<item><title>&nosuchentity;</title></item>"),
        rss("<item><title>&nbsp;</title>"),
        rss("") + "<trailing/>",
    ],
)
def test_half_a_feed_is_no_feed(tmp_path, content):
    with pytest.raises(FeedError):
        read_feed(written(tmp_path, content))


def test_a_feed_without_stories_is_a_feed(tmp_path):
    assert read_feed(written(tmp_path, rss(""))).entries == []


def test_an_empty_line_before_the_declaration_is_forgiven(tmp_path):
    content = b"\r\n\n" + (FEEDS / "iso-8859-1.xml").read_bytes()
    assert len(read_feed(written(tmp_path, content)).entries) == 1


def test_a_file_is_not_taken_for_the_address_it_contains(tmp_path):
    with pytest.raises(FeedError, match="not a feed"):
        read_feed(written(tmp_path, str(FEEDS / "rss20.xml")))


@pytest.mark.parametrize("date", ["", "yesterday", "Mon, 01 Jan 0001 00:00:00 GMT"])
def test_a_date_that_cannot_be_is_none(tmp_path, date):
    assert only_item(tmp_path, f"<title>t</title><pubDate>{date}</pubDate>").published_at is None


def test_long_texts_are_cut_between_words(tmp_path):
    item = only_item(tmp_path, f"<title>{'replica lag ' * 50}</title><guid>{'g' * 900}</guid>")
    assert len(item.headline) <= 200
    assert item.headline.endswith(("lag…", "replica…"))
    assert item.guid.startswith("sha256:")


def test_one_endless_word_is_cut_somewhere(tmp_path):
    headline = only_item(tmp_path, f"<title>{'x' * 900}</title>").headline
    assert headline == "x" * 199 + "…"


@pytest.mark.parametrize("link", ["javascript:steal()", "file:///etc/passwd", "https://x.example/" + "y" * 1000])
def test_a_source_is_a_web_address_or_nothing(tmp_path, link):
    assert only_item(tmp_path, f"<title>t</title><link>{link}</link>").source_url == ""
