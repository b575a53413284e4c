"""Feeds, broken at random: each is imported whole, and again without a change, or refused in one line; none raises.

FUZZ_FEEDS=100000 tries more than the usual thousand.
"""

import os
import random
import re
from contextlib import suppress
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command

from backoffice.models import Story

pytestmark = pytest.mark.django_db
COUNT = int(os.environ.get("FUZZ_FEEDS", 1000))
LOT = 50
FEEDS = Path(__file__).parent / "feeds"
SHARED = Path(__file__).parents[4] / "shared/feeds"
SOURCES = [path.read_bytes() for path in [*sorted(FEEDS.glob("*.xml")), *sorted(SHARED.glob("*.xml"))]]
ODD = [
    *(
        b"&#xD800;",
        b"&#1114112;",
        b"&#0;",
        b"&#x1b;",
        b"&nbsp;",
        b"&nosuch;",
        b"&amp;#xFFFE;",
        b"]]>",
        b"<![CDATA[",
        b"-->",
    ),
    *(b"\x00", b"\x1b", b"\xe9", b"\xff\xfe", b"\xed\xa0\x80", "²".encode(), "\ufffe".encode(), b"\xef\xbb\xbf"),
    *(b"<item>", b"</item>", b"<entry>", b"<guid>1</guid>", b"<title/>", b"<pubDate>Mon, 99 Foo 99999</pubDate>"),
    *(
        b"&lt;ol start=&quot;\xc2\xb2&quot;>&lt;li>x",
        b"&lt;td colspan=&quot;-1&quot;>",
        b"&lt;a href=&quot;http://[&quot;>",
    ),
    *(b"&lt;ul>&lt;li>" * 300, b"<b>" * 300, b"&lt;img alt=x>" * 300, b"x" * 3000, b'" ' * 300, b"_*[" * 300),
    *(b'<x:y xmlns:x="http://www.georss.org/georss">1</x:y>', b'<pos xmlns="http://www.opengis.net/gml">x</pos>'),
    *(b'<link href="//[x"/>', b'<guid isPermaLink="?"> </guid>', b'<content type="application/octet-stream">AAA='),
    *(
        b'<description type="xhtml"><div><script>x',
        b"<itunes:duration>\xc2\xb2</itunes:duration>",
        b' xml:base="http://["',
    ),
]
CODECS = [b"utf-8", b"punycode", b"undefined", b"idna", b"utf-16", b"ascii", b"shift_jis", b"hex", b"x", b"iso-8859-1"]


def broken(dice):
    data = bytearray(dice.choice(SOURCES))
    for _ in range(dice.choice([1, 1, 2, 4, 8])):
        start = dice.randrange(len(data) + 1)
        end = min(len(data), start + dice.choice([0, 1, 1, 5, 50, 500]))
        change = dice.randrange(6)
        if change == 0:
            data[start:end] = dice.randbytes(end - start)
        elif change == 1:
            del data[start:end]
        elif change == 2:
            data[start:start] = data[start:end] * dice.choice([1, 2, 20])
        elif change == 3:
            declaration = b'<?xml version="1.0" encoding="%s"?>' % dice.choice(CODECS)
            data[:] = declaration + re.sub(rb"\A\s*<\?xml[^>]*>", b"", bytes(data))
        else:
            # Where text stands, so that more of the files stay feeds.
            places = [
                match.end() for match in re.finditer(rb"<(?:title|description|guid|id|link|summary)[^<>/]*>", data)
            ]
            place = dice.choice(places or [start])
            data[place:place] = dice.choice(ODD)
    return bytes(data)


def imported(files):
    """Import each of `files` twice in a row; return what was said of each: the two lines."""
    out, err = StringIO(), StringIO()
    with suppress(CommandError):  # as soon as one of them is refused
        call_command("import_feed", *[str(path) for path in files for _ in range(2)], stdout=out, stderr=err)
    lines = (out.getvalue() + err.getvalue()).splitlines()
    return {path: [line.partition(": ")[2] for line in lines if line.startswith(f"{path}: ")] for path in files}


@pytest.mark.parametrize("lot", range(COUNT // LOT))
def test_a_broken_feed_is_imported_whole_or_refused(tmp_path, client, lot):
    dice = random.Random(f"feeds {lot}")
    files = [tmp_path / f"{number}.xml" for number in range(LOT)]
    for path in files:
        path.write_bytes(broken(dice))
    refused = 0
    for path, said in imported(files).items():
        first, second = said
        refused += "created" not in first
        assert second == first if "created" not in first else second.startswith("0 created, 0 updated, "), path
    assert refused < LOT  # some are feeds still
    assert Story.objects.exists()
    for page in ("/", "/feed/", "/sitemap-stories.xml", "/archive/"):
        response = client.get(page)
        assert response.status_code == 200
        if "xml" in response["Content-Type"]:
            ElementTree.fromstring(response.content)
