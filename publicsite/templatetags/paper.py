"""What the templates of the paper need beyond Django's own tags."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import mark_safe

from backoffice.models import Section
from publicsite.views.search import END, START

register = template.Library()

_HIT = re.compile(f"{START}([^{START}{END}]*){END}")


@register.simple_tag
def all_sections():
    """The sections, for the navigation: one query."""
    return list(Section.objects.all())


@register.filter
def highlighted(text):
    """Show the hits that search marked. Everything else is escaped first, so a text cannot bring markup of its own."""
    marked = _HIT.sub(r"<mark>\1</mark>", escape(text))
    return mark_safe(marked.replace(START, "").replace(END, ""))
