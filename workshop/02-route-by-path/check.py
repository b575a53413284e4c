"""Chapter 2: editors, readers and commands, while both replicas stand still."""

from django.test import Client

from backoffice.models import Story
from workshop.lab import REPLICAS, count_gone, counted

SAVES = PAGES = 20


def measure(lab):
    editor, story = lab.editor(), lab.story()
    with lab.standing_still():
        gone = count_gone(editor, story, SAVES)
    with counted() as queries:
        for _ in range(PAGES):
            assert Client().get(f"/stories/{story.slug}/").status_code == 200, "A reader's page failed."
    return gone, queries, Story.objects.all().db


def run(lab):
    gone, queries, alias = measure(lab)
    print(f"editor   {SAVES} saves in the admin, {gone} gone after a reload")
    print(f"readers  {PAGES} pages, {queries['default']} queries on the primary, {queries.total()} in all")
    print(f"command  reads from {alias}")


def check(lab):
    gone, queries, alias = measure(lab)
    assert not gone, (
        f"{gone} of {SAVES} saves in the admin were gone after a reload: the reload read a replica that stands still. "
        "In db_for_read, ask get_request() for the request; if its path starts with /admin, return 'default'."
    )
    assert alias == "default", (
        f"the editors are safe, but a command reads from {alias}. It has no request, so get_request() gave None: "
        "nobody knows what the command will write next. Return 'default' for it."
    )
    assert not queries["default"], (
        f"{PAGES} pages for readers asked the primary {queries['default']} times. That is safe and scales nothing: "
        "a path that is not the admin's goes to a replica."
    )
    assert all(queries[name] for name in REPLICAS), (
        "one replica served all the pages, and the other none. Choose at random."
    )
    return f"{SAVES} saves and none gone; {PAGES} pages for readers and 0 queries on the primary; commands read there"
