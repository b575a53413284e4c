"""Chapter 1: saves in the admin, with a router that reads from any replica."""

import conditions

from workshop.lab import REPLICAS, count_gone

SAVES = 50


def measure(lab):
    editor, story = lab.editor(), lab.story()
    behind, others = REPLICAS[: conditions.REPLICAS_BEHIND], REPLICAS[conditions.REPLICAS_BEHIND :]

    def wait_for_the_others():
        if others:
            lab.catch_up(*others)

    with lab.behind(conditions.SECONDS_BEHIND, *behind):
        return count_gone(editor, story, SAVES, wait_for_the_others)


def run(lab):
    print(f"Replicas behind: {conditions.REPLICAS_BEHIND} of 2, by {conditions.SECONDS_BEHIND:g} s.")
    gone = measure(lab)
    print(f"{SAVES} saves in the admin, a reload after each: {SAVES - gone} seen, {gone} gone.")


def check(lab):
    gone = measure(lab)
    behind, seconds = conditions.REPLICAS_BEHIND, conditions.SECONDS_BEHIND
    seen = f"{gone} of {SAVES} saves were gone with {behind} of 2 replicas {seconds:g} s behind"
    assert gone > 12 or (behind and seconds), (
        f"{seen}. Where nothing lags, a router that is wrong passes every test: hold a replica back, in conditions.py."
    )
    assert gone > 12, (
        f"{seen}. The replica had replayed the save before the reload came: give it more seconds than a reload takes."
    )
    assert gone < 38, (
        f"{seen}. That is a bug that everyone finds on the first day. Let one of the two keep up, and see the one "
        "that nobody can reproduce."
    )
    return f"{seen}: about half, for each read throws the dice"
