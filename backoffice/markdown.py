"""A story's Markdown becomes HTML once, when it is saved, and not each time that it is read."""

from markdown_it import MarkdownIt

# "commonmark" with html=False: raw HTML is shown as text, and links such as javascript: are refused. What
# comes out is safe to print as it is.
_markdown = MarkdownIt("commonmark", {"html": False, "typographer": True}).enable(
    ["table", "strikethrough", "replacements", "smartquotes"]
)


def render_markdown(text):
    """Return `text` (Markdown) as safe HTML."""
    return _markdown.render(text)
