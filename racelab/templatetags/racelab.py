"""The small picture of the nodes: the primary, its replicas, and which of them served the page."""

from django import template
from django.utils.html import format_html, format_html_join

register = template.Library()


@register.simple_tag
def picture(nodes, used):
    """Return an SVG. The text beside it says the same, so that it is hidden from screen readers."""
    height = 12 * (len(nodes) - 1)
    places = [(8, height / 2), *((34, 6 + 12 * number) for number in range(len(nodes) - 1))]
    lines = format_html_join("", '<path d="M8 {}L34 {}"/>', ((places[0][1], y) for _, y in places[1:]))
    dots = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="4.5" class="{}"/>',
        ((x, y, "used" if node in used else "") for node, (x, y) in zip(nodes, places, strict=True)),
    )
    return format_html(
        '<svg viewBox="0 0 42 {0}" width="42" height="{0}" aria-hidden="true" focusable="false">{1}{2}</svg>',
        max(height, 12),
        lines,
        dots,
    )
