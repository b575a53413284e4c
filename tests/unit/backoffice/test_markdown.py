"""What an editor's Markdown becomes."""

import time

from backoffice.markdown import render_markdown


def test_a_body_never_brings_a_second_main_heading():
    assert render_markdown("# One\n\nTwo\n===\n\n## Three") == "<h2>One</h2>\n<h2>Two</h2>\n<h2>Three</h2>\n"


def test_html_is_shown_and_not_obeyed():
    assert "&lt;script&gt;" in render_markdown("<script>steal()</script>")


def test_a_link_that_would_run_is_no_link():
    assert "<a" not in render_markdown("[x](javascript:steal())")


def test_an_image_of_this_site_is_shown():
    assert render_markdown("![A chart](/static/chart.svg)") == (
        '<p><img src="/static/chart.svg" alt="A chart" loading="lazy"></p>\n'
    )


def test_an_image_of_another_host_is_not_loaded():
    for source in ("https://x.example/p.gif", "//x.example/p.gif"):
        assert render_markdown(f'![A "pixel"]({source})') == "<p>A &quot;pixel&quot;</p>\n"


def test_a_text_of_nothing_but_quotes_is_rendered_in_time():
    start = time.process_time()
    render_markdown('"' * 100_000)
    assert time.process_time() - start < 5
    assert render_markdown('"a"') == "<p>“a”</p>\n"
