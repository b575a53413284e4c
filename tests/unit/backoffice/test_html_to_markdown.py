"""What strangers' HTML becomes, and what a reader's browser then gets of it."""

from html import unescape

import pytest

from backoffice.html_to_markdown import html_to_markdown, html_to_text
from backoffice.markdown import render_markdown


def shown(source, base="https://source.example/a/"):
    """The HTML that readers get, by way of Markdown."""
    return render_markdown(html_to_markdown(source, base))


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>steal()</script>",
        "<p onclick='steal()'>",
        "<a href='javascript:steal()'>x</a>",
        "<a href='JaVaScRiPt:steal()'>x</a>",
        "<a href='java&#10;script:steal()'>x</a>",
        "<a href=' data:text/html,steal()'>x</a>",
        "<a href='vbscript:steal()'>x</a>",
        "<iframe src='https://elsewhere.example/steal()'>steal()</iframe>",
        "<svg><script>steal()</script></svg>",
        "<math><mtext><style><img src=x onerror=steal()></style></mtext></math>",
        "<img src=x onerror='steal()'>",
        "<style>@import 'steal()'</style>",
        "<form action='steal()'><input></form>",
        "<template><img src=x onerror=steal()></template>",
        "<noscript><p title='</noscript><img src=x onerror=steal()>'></noscript>",
        "<object data='steal()'></object><embed src='steal()'>",
    ],
)
def test_nothing_that_runs_survives(hostile):
    html = shown(f"<p>before</p>{hostile}<p>after</p>")
    assert "before" in html
    assert "<script" not in html
    assert "<img" not in html
    assert "javascript:" not in html.lower()
    assert "steal()" not in html or "&lt;img" in html  # as text at most


def test_a_tag_that_is_only_text_in_the_source_stays_text():
    assert shown("<p>Write &lt;script&gt;steal()&lt;/script&gt; and &amp;lt;</p>") == (
        "<p>Write &lt;script&gt;steal()&lt;/script&gt; and &amp;lt;</p>\n"
    )


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://else.example/x?a=1&amp;b=2", "https://else.example/x?a=1&amp;b=2"),
        ("mailto:desk@source.example", "mailto:desk@source.example"),
        ("b", "https://source.example/a/b"),
        ("//else.example/x", "https://else.example/x"),
        ("https://else.example/Lag_(disambiguation)", "https://else.example/Lag_%28disambiguation%29"),
    ],
)
def test_links_lead_where_they_led(address, target):
    assert f'<a href="{target}">there</a>' in shown(f'<a href="{address}">there</a>')


@pytest.mark.parametrize("address", ["ftp://x.example/", "tel:123", "", "relative"])
def test_other_links_keep_only_their_text(address):
    assert shown(f'<p>go <a href="{address}">there</a></p>', base="") == "<p>go there</p>\n"


def test_an_image_is_its_description():
    html = shown('<figure><img src="https://x.example/p.gif" alt="The *final* whistle"></figure><img src="pixel.gif">')
    assert html == "<p>The *final* whistle</p>\n"


@pytest.mark.parametrize(
    "text",
    [
        "![pixel](https://x.example/p.gif)",
        "[a](javascript:x) [b](https://x.example)",
        "2 * 3 * 4 = 24, snake_case_name",
        "# not a heading",
        "- not a list",
        "1. not a list",
        "> not a quotation",
        "`not code`",
        "=== not a rule",
        "a \\ backslash",
    ],
)
def test_text_that_looks_like_markdown_is_shown_as_it_is(text):
    html = shown(f"<p>{text}</p>")
    assert html.startswith("<p>")
    assert unescape(html.removeprefix("<p>").removesuffix("</p>\n")) == text


def test_structure_is_kept():
    markdown = html_to_markdown(
        "<h2>Half time</h2><ul><li>one</li><li>two</li></ul><blockquote>said</blockquote>"
        "<pre><code>a_b = 1</code></pre><table><tr><th>a</th></tr><tr><td>b</td></tr></table>"
    )
    html = render_markdown(markdown)
    for expected in ("<h2>Half time</h2>", "<li>two</li>", "<blockquote>", "<code>a_b = 1", "<td>b</td>"):
        assert expected in html


def test_elements_nested_without_end_are_read_as_text():
    assert "deep" in html_to_markdown("<div><b>" * 3000 + "deep" + "</b></div>" * 3000)


def test_control_characters_go():
    assert html_to_markdown("<p>a&#0;b\x00c\x1bd</p>").replace("\ufffd", "") == "abcd"


def test_text_of_html_is_one_line():
    assert (
        html_to_text("<p>One</p><p>two<br>three &amp; <b>four</b></p><script>five</script>") == "One two three & four"
    )
