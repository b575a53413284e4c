"""A story's Markdown becomes HTML once, when it is saved, and not each time that it is read."""

from django.utils.html import escape
from markdown_it import MarkdownIt

# Each quote that becomes a typographic one copies its paragraph: 100,000 of them would take a minute.
MOST_QUOTES = 3000


def render_markdown(text):
    """Return `text` (Markdown) as safe HTML."""
    has_many_quotes = text.count('"') + text.count("'") > MOST_QUOTES
    return (_plain_quotes if has_many_quotes else _markdown).render(text)


def _lower_headings(state):
    """The page has its one <h1>, the headline: what a body calls # becomes <h2>."""
    for token in state.tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{max(2, int(token.tag[1]))}"


def _render_image(self, tokens, index, options, env):
    """An image of this site is shown. One of another host is not loaded: its description stands for it."""
    token = tokens[index]
    description = escape(self.renderInlineAsText(token.children or [], options, env))
    source = token.attrs["src"]
    if not source.startswith("/") or source.startswith("//"):
        return description
    return f'<img src="{escape(source)}" alt="{description}" loading="lazy">'


def _make(*rules):
    # "commonmark" with html=False: raw HTML is shown as text, and links such as javascript: are refused. What
    # comes out is safe to print as it is.
    markdown = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(
        ["table", "strikethrough", "replacements", *rules]
    )
    markdown.core.ruler.push("lower_headings", _lower_headings)
    markdown.add_render_rule("image", _render_image)
    return markdown


_markdown, _plain_quotes = _make("smartquotes"), _make()
