"""Chapter 2: editors, readers and commands, while both replicas stand still."""

from django.test import Client

from backoffice.models import Story
from workshop.console import doing
from workshop.lab import REPLICAS, count_gone, counted
from workshop.verdict import NotYet

SAVES = PAGES = 20


def measure(lab):
    editor, story = lab.editor(), lab.story()
    doing(f"{SAVES} saves in the admin, a reload after each, while both replicas stand still")
    with lab.standing_still():
        gone = count_gone(editor, story, SAVES)
    doing(f"{PAGES} pages for readers")
    with counted() as queries:
        answers = {Client().get(f"/stories/{story.slug}/").status_code for _ in range(PAGES)}
    if answers != {200}:
        raise NotYet(
            f"readers' pages answered {', '.join(map(str, sorted(answers)))}.",
            "200 for every page.",
            "db_for_read in router.py: it has to find the story that the replicas and the primary hold.",
        )
    return gone, queries, Story.objects.all().db


def run(lab):
    gone, queries, alias = measure(lab)
    print(f"editor   {SAVES} saves in the admin, {gone} gone after a reload")
    print(f"readers  {PAGES} pages, {queries['default']} queries on the primary, {queries.total()} in all")
    print(f"command  reads from {alias}")


def check(lab):
    gone, queries, alias = measure(lab)
    if gone:
        raise NotYet(
            f"{gone} of {SAVES} saves in the admin were gone after a reload: it read a replica that stands still.",
            "0 gone. In the admin, the reload reads from the primary.",
            "db_for_read in router.py: ask get_request() for the request, and if its path starts with /admin, "
            "return 'default'.",
        )
    if alias != "default":
        raise NotYet(
            f"the editors are safe, but a command reads from {alias}.",
            "'default'. A command has no request, and nobody knows what it will write next.",
            "db_for_read in router.py: what does it return when get_request() gives None?",
        )
    if queries["default"]:
        raise NotYet(
            f"{PAGES} pages for readers asked the primary {queries['default']} times.",
            "0 times. That router is safe, and scales nothing.",
            "the last line of db_for_read in router.py: a path that isn't the admin's goes to a replica. A function "
            "that ends without a return sends it to the primary.",
        )
    if idle := [name for name in REPLICAS if not queries[name]]:
        raise NotYet(
            f"{PAGES} pages for readers, and {idle[0]} served none of them.",
            "both replicas at work.",
            "the last line of db_for_read in router.py: choose one at random, each time.",
        )
    return f"{SAVES} saves and none gone; {PAGES} pages for readers and 0 queries on the primary; commands read there"
