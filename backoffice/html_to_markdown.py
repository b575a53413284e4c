"""Turns the HTML of strangers into the Markdown of a story: no scripts, no images, only links that are safe."""

import html
import re
from urllib.parse import urljoin

import nh3
from markdownify import ATX, MarkdownConverter

from .texts import tidy

TAGS = {
    *("p", "br", "hr", "div", "span", "figure", "figcaption", "blockquote", "pre", "code", "kbd", "samp"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd"),
    *("a", "b", "strong", "i", "em", "cite", "q", "s", "del", "sub", "sup", "img"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
# Of these not even the text is kept.
DROPPED = {"script", "style", "iframe", "object", "embed", "template", "noscript", "svg", "math", "form", "head"}
SCHEMES = {"http", "https", "mailto"}
DEEPEST = 500  # elements inside of each other; more are read as text
_TAG = re.compile("<(/?)([a-zA-Z][a-zA-Z0-9]*)")
_OFTEN_LEFT_OPEN = {"br", "hr", "img", "input", "link", "meta", "wbr", "col", "source", "embed", "area", "track"} | {
    *("p", "li", "dt", "dd", "td", "th", "tr", "option", "thead", "tbody", "tfoot")
}
# What Markdown would take for markup where the source has plain text.
_MARKUP = re.compile(r"([\\`*_\[\]<]|&(?=#?\w+;)|(?<=\d)[.)](?=\s))")
_MARKUP_AT_START = re.compile(r"^(\s*)([#>+~=-])", re.MULTILINE)


def html_to_markdown(source, base=""):
    """Return `source` (HTML) as Markdown. Relative links are resolved against `base`, or dropped."""

    def keep(tag, attribute, value):
        if (tag, attribute) == ("a", "href"):
            return _safe_link(value, base)
        if (tag, attribute) == ("ol", "start"):
            return value if re.fullmatch("[0-9]{1,9}", value) else None
        return value

    if _is_too_deep(source):
        return escape(html_to_text(source))
    clean = nh3.clean(
        source,
        tags=TAGS,
        clean_content_tags=DROPPED,
        attributes={"a": {"href"}, "img": {"alt"}, "ol": {"start"}},
        attribute_filter=keep,
        link_rel=None,
    )
    try:
        return tidy(_Converter(heading_style=ATX, bullets="-").convert(clean)).strip()
    except RecursionError:  # hundreds of nested elements: no editor wrote that
        return escape(html_to_text(clean))


def escape(text):
    """Return `text` so that Markdown shows it as it is."""
    return _MARKUP_AT_START.sub(r"\1\\\2", _MARKUP.sub(r"\\\1", text))


def html_to_text(source):
    """Return what a reader sees of `source` (HTML), on one line."""
    if _is_too_deep(source):
        source = re.sub("<[^<>]*>", " ", source)
    spaced = re.sub(r"(?i)<(?:/?(?:p|div|li|td|th|h\d|blockquote)\b[^>]*|br\s*/?)>", " ", source)
    text = html.unescape(nh3.clean(spaced, tags=set(), clean_content_tags=DROPPED))
    return " ".join(tidy(text).split())


def _is_too_deep(source):
    """Elements inside of each other cost the square of their number, or more: 12 s for 25,000 lists."""
    depth = deepest = 0
    for end, name in _TAG.findall(source):
        if name.lower() not in _OFTEN_LEFT_OPEN:
            depth = max(0, depth - 1) if end else depth + 1
            deepest = max(depth, deepest)
    return deepest > DEEPEST


def _safe_link(value, base):
    try:
        url = urljoin(base, value.strip()) if value.strip() else ""
    except ValueError:
        return None
    # Markdown ends a link's target at a space or a parenthesis.
    url = url.replace(" ", "%20").replace("(", "%28").replace(")", "%29").replace("<", "%3C").replace(">", "%3E")
    return url if re.match(rf"({'|'.join(SCHEMES)}):[^\s\\]+$", url, re.IGNORECASE) else None


class _Converter(MarkdownConverter):
    def convert_img(self, el, text, parent_tags):
        alt = " ".join(el.attrs.get("alt", "").split())
        return f" {self.escape(alt, parent_tags)} " if alt else ""

    def convert_figure(self, el, text, parent_tags):
        return self.convert_p(el, text, parent_tags)

    def escape(self, text, parent_tags):
        return escape(text or "")
