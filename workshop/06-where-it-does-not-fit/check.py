"""Chapter 6: decisions, and what was measured for and against them."""

from decisions import DECISIONS
from measure import LATE, POSTS, SAVES, commits, own_writes, posts_on_replicas

NAMES = {"none": "", "any": "ANY 1 (replica1, replica2)", "every": "ANY 2 (replica1, replica2)"}


def measure(lab):
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
    choices = {"path", "using", "pin", *NAMES} - {"none"}
    for site, choice in DECISIONS.items():
        assert choice, f"no decision for {site!r}. `make workshop-run N=06` measures; decisions.py wants an answer."
        assert choice in choices, f"{choice!r}, for {site!r}, is none of {', '.join(sorted(choices))}."
    results, own, posts = measure(lab)
    slow, any_stale = results["every"][0], results["any"][1]

    assert DECISIONS["newspaper"] == "path", (
        f"the newspaper's URLs tell editors from readers, and bookmarks gave its editors {own} of {SAVES} stale "
        f"pages. {DECISIONS['newspaper']!r} costs more: changes to each query, or waiting at each commit."
    )
    assert DECISIONS["api"] == "using", (
        f"with the path rule {posts} of {POSTS} POSTs to /graphql/ read from a replica; the URL says nothing, and the "
        f"method is unsafe. {DECISIONS['api']!r} does not change that. Only the code knows which query may be old."
    )
    assert DECISIONS["forum"] == "path", (
        f"who had just saved got {own} of {SAVES} stale pages with a bookmark, and the commit did not wait. "
        f"{DECISIONS['forum']!r}: 'pin' is a guess, wrong whenever a replica is later; 'any' left {any_stale} of "
        f"{SAVES} stale; 'every' took {slow:.0f} ms a commit; 'using' leaves the readers on the primary."
    )
    assert DECISIONS["seats"] in {"every", "using"}, (
        f"bookmarks and pins are about one's own writes: another visitor on replica1 got {results['none'][1]} of "
        f"{SAVES} stale. remote_apply with ANY 1 left {any_stale} of {SAVES} stale there: it waits for whichever is "
        f"first. What is right for everyone waits for all ({slow:.0f} ms a commit), or is read from the primary."
    )
    assert DECISIONS["worker"] in {"path", "using", "every"}, (
        f"{DECISIONS['worker']!r}: a pin is the visitor's, and the worker has none; ANY 1 left {any_stale} of {SAVES} "
        "stale. Without a request the path rule reads from the primary."
    )
    assert any_stale > own == posts == results["every"][1] == 0, (
        f"the decisions fit, and the measurement does not: {results}, {own} stale, {posts}. Run the check again."
    )
    return f"five decisions that the figures bear out; a commit that every replica has applied took {slow:.0f} ms"
