"""Background tasks, as the tests of routing run them on a real worker."""

from django_tasks import task

from backoffice.models import Section
from routing import replica
from tests.support.routing_urls import where


@task()
def describe(position):
    """What a task sees on a replica: any one, and one that is no older than `position`."""
    seen = {}
    for name, override in {"any": replica(), "after": replica(after=position)}.items():
        with override:
            seen[name] = {"alias": where(), "names": list(Section.objects.values_list("name", flat=True))}
    return seen
