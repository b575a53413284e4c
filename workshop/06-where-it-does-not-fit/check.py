"""Chapter 6: decisions, and what was measured for and against them."""

from decisions import DECISIONS
from measure import LATE, POSTS, SAVES, commits, own_writes, posts_on_replicas

from workshop.console import doing
from workshop.verdict import NotYet

NAMES = {"none": "", "any": "ANY 1 (replica1, replica2)", "every": "ANY 2 (replica1, replica2)"}
CHOICES = ("path", "using", "pin", "any", "every")


def measure(lab):
    doing(f"commits and reads, while replica1 replays {LATE:g} s late")
    with lab.behind(LATE, "replica1"):
        return {name: commits(lab, names) for name, names in NAMES.items()}, own_writes(lab), posts_on_replicas()


def run(lab):
    results, own, posts = measure(lab)
    print(f"replica1 replays {LATE:g} s late   a commit takes   stale on replica1 right after")
    for name, title in (("none", "no waiting"), ("any", "remote_apply, ANY 1"), ("every", "remote_apply, ANY 2")):
        milliseconds, stale = results[name]
        print(f"{title:28}  {milliseconds:9.0f} ms   {stale:>6} of {SAVES}")
    print(f"path and bookmark: {own} of {SAVES} pages stale for the editor who has just saved")
    print(f"path rule on /graphql/: {posts} of {POSTS} POSTs read from a replica")


def check(lab):
    for site, choice in DECISIONS.items():
        if choice not in CHOICES:
            raise NotYet(
                f"{site!r} has {choice!r}." if choice else f"{site!r} has no decision yet.",
                f"one of {', '.join(map(repr, CHOICES))}.",
                f"decisions.py, the line of {site!r}. `make workshop-run N=06` measures what each choice costs.",
            )
    results, own, posts = measure(lab)
    slow, any_stale = results["every"][0], results["any"][1]
    if not any_stale > own == posts == results["every"][1] == 0:
        raise NotYet(
            f"a measurement that contradicts the text: {results}, {own} stale pages, {posts} POSTs on replicas.",
            "ANY 1 stale, and everything else fresh.",
            "what else your machine is doing: close it, and check again.",
        )
    pin = "'pin' is a guess, wrong whenever a replica is later"
    waits = f"'any' left {any_stale} of {SAVES} reads stale, and 'every' took {slow:.0f} ms a commit"
    judge(
        "newspaper",
        ("path",),
        f"the URLs tell editors from readers, and with bookmarks the editor saw {own} of {SAVES} pages stale",
        f"the choice that changes no query and delays no commit: {pin}; {waits}; 'using' changes every query",
    )
    judge(
        "api",
        ("using",),
        f"with the path rule, {posts} of {POSTS} POSTs to /graphql/ read from a replica",
        "a choice that needs neither the URL nor the method: they are the same for all. Only the code knows which "
        "query may be old",
    )
    judge(
        "forum",
        ("path",),
        f"whoever had just saved saw {own} of {SAVES} pages stale with a bookmark, and no commit waited",
        f"your own writes, at once: {pin}; {waits}; 'using' leaves the readers on the primary",
    )
    judge(
        "seats",
        ("every", "using"),
        f"another visitor on replica1 read {results['none'][1]} of {SAVES} stale; with 'any' it was {any_stale}, "
        "because the commit waits for whichever replica is first",
        "what is right for everyone. Bookmarks and pins are about your own writes. Wait for all replicas "
        f"({slow:.0f} ms a commit), or read from the primary",
    )
    judge(
        "worker",
        ("path", "using", "every"),
        f"the worker has no request, so no cookie and no pin; 'any' left {any_stale} of {SAVES} reads stale",
        "a read that finds the row. Without a request the path rule reads from the primary",
    )
    return f"five decisions that the figures bear out; a commit that every replica has applied took {slow:.0f} ms"


def judge(site, fitting, seen, expected):
    choice = DECISIONS[site]
    if choice not in fitting:
        raise NotYet(f"{site!r} has {choice!r}, but {seen}.", f"{expected}.", f"decisions.py, the line of {site!r}.")
