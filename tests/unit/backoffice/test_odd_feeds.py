"""Feeds that nobody should send: each is imported whole, or refused with cause and cure, and the next file follows."""

import codecs
import os
import time
from io import StringIO
from itertools import pairwise
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from backoffice.feed_files import LARGEST, FeedError
from backoffice.feed_items import read_item
from backoffice.feeds import read_feed
from backoffice.models import LONGEST_BODY, Story
from tests.support.factories import StoryFactory
from tests.unit.backoffice.test_import_feed import import_feed

pytestmark = pytest.mark.django_db
GOOD = Path(__file__).parent / "feeds/rss20.xml"
GEO = 'xmlns:georss="http://www.georss.org/georss" xmlns:gml="http://www.opengis.net/gml"'


def rss(item="<guid>1</guid><title>T</title>", declaration="", channel="<title>t</title>", attributes=""):
    return f'{declaration}<rss version="2.0" {attributes}><channel>{channel}<item>{item}</item></channel></rss>'


@pytest.fixture
def written(tmp_path):
    def write(content, name="feed.xml"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def refused(path):
    """Import `path` and then a good file; return why the first was refused. The second must not suffer."""
    with pytest.raises(CommandError, match="1 of 2 files not imported") as raised:
        import_feed(path, GOOD)
    assert raised.value.returncode == 1
    assert "3 created" in raised.value.printed
    assert Story.objects.count() == 3
    assert raised.value.errors.count("\n") == 1
    return raised.value.errors


UTF_8 = '<?xml version="1.0" encoding="utf-8"?>'
SHIFT_JIS = '<?xml version="1.0" encoding="shift_jis"?>'


def test_one_bad_byte_changes_nothing(written):
    good = rss("<guid>1</guid><title>Café “quoted” – naïve</title>", UTF_8 + "\n").encode()
    import_feed(written(good))
    before = list(Story.objects.values())
    path = written(good.replace(b"</title></item>", b" caf\xe9</title></item>"))
    with pytest.raises(CommandError) as raised:
        import_feed(path)
    assert "byte 0xE9 in line 2 is not utf-8, the file's encoding. Get the file again" in raised.value.errors
    assert list(Story.objects.values()) == before


@pytest.mark.parametrize("declaration", ["", UTF_8, '<?xml version="1.0" encoding="us-ascii"?>'])
def test_a_feed_in_windows_1252_throughout_is_read_whatever_it_says(written, declaration):
    path = written(rss("<title>Café “quoted”</title>", declaration).encode("windows-1252"))
    assert read_feed(path).entries[0].title == "Café “quoted”"


def test_a_bad_byte_in_another_encoding_is_no_reason_to_guess(written):
    path = written(
        rss("<title>遅れ</title>", SHIFT_JIS).encode("shift_jis").replace(b"</title></item>", b"\xff</title></item>")
    )
    assert "byte 0xFF in line 1 is not shift_jis" in refused(path)


@pytest.mark.parametrize(
    "name", ["punycode", "idna", "undefined", "unicode_escape", "utf-7", "rot13", "hex", "zlib", "utf-16", "nonsense"]
)
def test_an_encoding_that_is_none_is_utf_8_or_refused(written, name):
    declaration = f'<?xml version="1.0" encoding="{name}"?>'
    assert read_feed(written(rss("<title>Café</title>", declaration))).entries[0].title == "Café"
    assert "not whole" in refused(written(rss("<title>Café</title>", declaration).encode() + b"\xff"))


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, b""])
def test_a_byte_order_mark_counts(written, mark):
    name = {codecs.BOM_UTF16_BE: "utf-16-be", codecs.BOM_UTF32_LE: "utf-32-le"}.get(mark, "utf-16-le")
    path = written(mark + rss("<title>Café</title>", '<?xml version="1.0"?>').encode(name))
    assert read_feed(path).entries[0].title == "Café"


@pytest.mark.parametrize("name", ["cp037", "cp500", "ebcdic-cp-be"])
def test_a_mainframe_may_send_a_feed(written, name):
    path = written(rss("<title>Café [1]</title>", f'<?xml version="1.0" encoding="{name}"?>').encode(name))
    assert read_feed(path).entries[0].title == "Café [1]"


@pytest.mark.parametrize("reference", ["&#xD800;", "&#1114112;", "&#0;", "&#x1b;", "&#xFFFE;", "&#99999999999999999;"])
def test_a_reference_to_no_character_is_refused(written, reference):
    assert "is not well-formed XML: reference to invalid character number (line 1)" in refused(
        written(rss(f"<title>a{reference}b</title>"))
    )


@pytest.mark.parametrize(
    "description",
    [
        '<ol start="²"><li>a</li></ol>',
        '<ol start="99999999999999999999"><li>a</li></ol>',
        '<ol start="-3"><li>a</li></ol>',
        '<ol start="٣"><li>a</li></ol>',
        '<td colspan="²">a</td>',
        '<a href="http://[::1">a</a>',
        '<a href="//\ufffe]">a</a>',
        '<img alt="&#xD800;">a',
    ],
)
def test_odd_html_is_a_story_like_others(written, description):
    text = description.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("\ufffe", "")
    assert "1 created" in import_feed(written(rss(f"<title>T</title><description>{text}</description>")))
    assert "a" in Story.objects.get().body


@pytest.mark.parametrize(
    "place",
    [
        "<georss:point>here</georss:point>",
        "<georss:polygon>1</georss:polygon>",
        "<gml:pos>1 2</gml:pos>",
        '<georss:where><gml:Point srsName="EPSG:x"><gml:pos>1 2</gml:pos></gml:Point></georss:where>',
        "<georss:where><gml:Polygon><gml:exterior><gml:LinearRing><gml:posList>x</gml:posList></gml:LinearRing>"
        "</gml:exterior></gml:Polygon></georss:where>",
    ],
)
def test_places_are_not_read(written, place):
    path = written(rss(f"<title>Somewhere</title>{place}<description>Text</description>", attributes=GEO))
    assert "1 created" in import_feed(path)
    story = Story.objects.get()
    assert (story.headline, story.body) == ("Somewhere", "Text")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (
            rss("<guid " + " ".join(f"a{n}='1'" for n in range(50_000)) + ">1</guid>"),
            "500 attributes on one element (line 1)",
        ),
        (rss("<b>" * 50_000 + "</b>" * 50_000), "500 elements inside of each other"),
        (rss(attributes=" ".join(f"xmlns:n{n}='u:{n}'" for n in range(20_000))), "500 declarations of namespaces"),
        (rss(f"<description>{'&lt;b a' * 40_000}</description><title>x"), "not well-formed XML: mismatched tag"),
        (
            '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">'
            + "".join(f"<!ENTITY {b} '{f'&{a};' * 10}'>" for a, b in pairwise("abcdefghi"))
            + "]>"
            + rss("<title>&i;</title>"),
            "",
        ),
    ],
    ids=["attributes", "depth", "namespaces", "cut off", "billion laughs"],
)
def test_what_would_take_long_is_refused_at_once(written, content, reason):
    start = time.process_time()
    assert reason in refused(written(content))
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "html",
    [
        "<p " + " ".join(f'a{n}="1"' for n in range(50_000)) + ">x</p>",
        "<ul><li>" * 50_000 + "x",
        "<b><p>" * 40_000 + "x",
    ],
    ids=["attributes", "lists", "paragraphs"],
)
def test_html_that_would_take_long_is_read_as_text(written, html):
    start = time.process_time()
    feed = read_feed(written(rss("<title>T</title><description><![CDATA[" + html + "]]></description>")))
    assert read_item(feed.entries[0]).body == "x"
    assert time.process_time() - start < 10


def test_a_pipe_and_a_device_are_refused_at_once(written, tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    assert "is a device or a pipe. Save the feed to a file first" in refused(pipe)
    with pytest.raises(FeedError, match="device"):
        read_feed(Path("/dev/zero"))
    with pytest.raises(FeedError, match="device"):
        read_feed(Path("/dev/null"))


def test_a_huge_file_is_refused_unread(tmp_path):
    path = tmp_path / "huge.xml"
    with path.open("wb") as file:
        file.truncate(LARGEST * 1000)
    assert "is larger than 20 MB. Split it" in refused(path)


def test_a_story_over_the_limit_is_refused_and_so_is_its_file(written):
    long = f"<title>Long</title><description>{'word ' * LONGEST_BODY}</description>"
    path = written(rss(f"<title>Short</title></item><item>{long}"))
    assert f"has a story of 499,999 characters, “Long”; a story has at most {LONGEST_BODY:,}" in refused(path)


@pytest.mark.parametrize("section", ["caf\udce9", "a\x1bb", " ", "x" * 81])
def test_a_section_that_cannot_be_is_refused(section):
    with pytest.raises(CommandError, match="1 to 80 characters, in UTF-8"):
        call_command("import_feed", str(GOOD), section=section)


def test_a_section_whose_slug_would_be_too_long_gets_a_shorter_one(written):
    import_feed(written(rss()), section="㎯" * 80)  # five letters each
    assert len(Story.objects.get().section.slug) == 80


def test_a_files_name_may_be_in_any_encoding(tmp_path):
    path = os.fsencode(tmp_path) + b"/caf\xe9.xml"
    Path(os.fsdecode(path)).write_text(rss())
    printed = import_feed(os.fsdecode(path))
    assert "caf\ufffd.xml: 1 created" in printed
    printed.encode()


def of_paper(letter, guid="1", title=None, scheme="https", more=""):
    channel = f"<title>Paper {letter}</title><link>{scheme}://{letter}.example/</link>{more}"
    return rss(f"<guid isPermaLink='false'>{guid}</guid><title>{title or f'Of {letter}'}</title>", channel=channel)


def test_two_feeds_may_use_the_same_guid(written):
    a, b = written(of_paper("a"), "a.xml"), written(of_paper("b"), "b.xml")
    assert import_feed(a, b).count("1 created, 0 updated") == 2
    assert import_feed(a, b).count("0 created, 0 updated, 1 unchanged") == 2
    assert set(Story.objects.values_list("headline", flat=True)) == {"Of a", "Of b"}


def test_a_feed_is_known_again_after_it_moved_to_https_or_changed_its_title(written):
    import_feed(written(of_paper("a", scheme="http")))
    path = written(of_paper("a", title="New").replace("Paper a", "The Paper"))
    assert "0 created, 1 updated" in import_feed(path)
    assert Story.objects.get().headline == "New"


def test_a_feed_without_an_address_is_known_by_its_title(written):
    import_feed(written(rss(channel="<title>One</title>")), written(rss(channel="<title>Two</title>"), "two.xml"))
    assert set(Story.objects.values_list("feed", flat=True)) == {"title:One", "title:Two"}


def test_a_story_from_before_feeds_were_told_apart_is_known_again(written):
    story = "<guid isPermaLink='false'>1</guid><title>One</title><link>https://a.example/one</link>"
    path = written(rss(story))
    import_feed(path)
    Story.objects.update(feed="")
    assert "0 created, 1 updated" in import_feed(path)
    assert "1 unchanged" in import_feed(path)


def test_no_feed_changes_what_the_demo_and_the_load_have_made(written):
    for guid in ("demo:a", "seed:1"):
        StoryFactory(guid=guid, headline="Ours")
    items = "</item><item>".join(f"<guid>{guid}</guid><title>Theirs</title>" for guid in ("demo:a", "seed:1"))
    assert "2 created" in import_feed(written(rss(items)))
    assert Story.objects.filter(headline="Ours").count() == 2


@pytest.mark.django_db(transaction=True)
def test_seeding_goes_on_after_an_import_with_such_a_guid(written):
    import_feed(written(rss("<guid isPermaLink='false'>seed:99999999999999999999</guid><title>T</title>")))
    for total in ("seed:5", "seed:10"):
        call_command("seed_stories", count=5, stdout=StringIO())
        assert Story.objects.filter(feed="").order_by("-pk").first().guid == total
    assert Story.objects.count() == 11
