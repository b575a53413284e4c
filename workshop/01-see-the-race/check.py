"""Chapter 1: saves in the admin, with a router that reads from any replica."""

import conditions

from workshop.console import doing
from workshop.lab import REPLICAS, count_gone
from workshop.verdict import NotYet

SAVES = 50


def measure(lab):
    editor, story = lab.editor(), lab.story()
    behind, others = REPLICAS[: conditions.REPLICAS_BEHIND], REPLICAS[conditions.REPLICAS_BEHIND :]
    doing(f"{SAVES} saves in the admin, a reload after each")
    with lab.behind(conditions.SECONDS_BEHIND, *behind):
        return count_gone(editor, story, SAVES, lambda: others and lab.catch_up(*others))


def run(lab):
    print(f"Replicas behind: {conditions.REPLICAS_BEHIND} of 2, by {conditions.SECONDS_BEHIND:g} s.")
    gone = measure(lab)
    print(f"{SAVES} saves in the admin, a reload after each: {SAVES - gone} seen, {gone} gone.")


def check(lab):
    number, seconds = conditions.REPLICAS_BEHIND, conditions.SECONDS_BEHIND
    if number not in (0, 1, 2) or not isinstance(seconds, int | float) or not 0 <= seconds <= 10:
        raise NotYet(
            f"REPLICAS_BEHIND = {number!r} and SECONDS_BEHIND = {seconds!r}.",
            "0, 1 or 2 replicas behind, by 0 to 10 seconds.",
            "conditions.py. The cluster has two replicas, and nobody wants to wait longer.",
        )
    gone = measure(lab)
    seen = f"{gone} of {SAVES} saves were gone with {number} of 2 replicas {seconds:g} s behind"
    expected = "about half of them gone: 13 to 37."
    if gone < 13 and not (number and seconds):
        raise NotYet(
            f"{seen}.",
            expected,
            "conditions.py: hold a replica back, so that both numbers are above 0. While nothing lags, a wrong "
            "router passes every test.",
        )
    if gone < 13:
        raise NotYet(
            f"{seen}.",
            expected,
            "SECONDS_BEHIND in conditions.py: the replica had replayed the save before the reload came. Give it more "
            "seconds than a reload takes.",
        )
    if gone > 37:
        raise NotYet(
            f"{seen}.",
            expected,
            "REPLICAS_BEHIND in conditions.py: a save that is always gone is a bug everybody finds on the first day. "
            "Let one of the two keep up, and meet the one nobody can reproduce.",
        )
    return f"{seen}: about half, because each read rolls the dice"
