# report.py | is the return still there
from django.db.models import Count

from backoffice.models import Section
from routing import replica


def stories_by_section(after=None):
    with replica(after=after):
        sections = Section.objects.annotate(number=Count("stories"))
        dict(sections.values_list("slug", "number"))
