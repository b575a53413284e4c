"""Draws a round as a sequence diagram, from what the witness wrote down: who, when, which node, how far each was.

The drawing carries its own colours, for whoever keeps the file; a page's style sheet may give it others.
"""

from django.template.loader import render_to_string

from .notes import aliases

TOP, STEP, FOOT = 36, 44, 4
EDITOR, FIRST, BETWEEN = 372, 490, 145  # where the editor's line is, the first node's, and how far others are apart


def svg(events, title):
    """Return the drawing as SVG."""
    nodes = aliases()
    at = {alias: FIRST + BETWEEN * number for number, alias in enumerate(nodes)}
    labels = {alias: "primary" if alias == nodes[0] else alias for alias in nodes}
    height = TOP + STEP * len(events) + FOOT
    return render_to_string(
        "racelab/sequence.svg",
        {
            "title": title,
            "width": FIRST + BETWEEN * len(nodes) - 55,
            "height": height,
            "bottom": height - FOOT,
            "editor": EDITOR,
            "nodes": [(labels[alias], x) for alias, x in at.items()],
            "rows": [_row(event, TOP + STEP * number, at, nodes[0]) for number, event in enumerate(events)],
        },
    )


def in_words(event):
    """Return an event as a sentence, for who reads and does not look."""
    text = f"{event['at'] / 1000:.3f} s: the editor {event['does']}"
    if event.get("is_wait"):
        return f"{text}."
    served = " and ".join(dict.fromkeys(_name(alias) for alias, _ in event["served"])) or "no database"
    text += f"; {served} answered: {event['saw']}."
    return f"{text} Wrong: {WRONG.get(event['why'], event['why'])}." if event["is_wrong"] else text


WRONG = {
    "logged out": "her login is lost",
    "404": "the story she has published is not there",
    "stale": "it is the old one",
}


def _name(alias):
    return "the primary" if alias == aliases()[0] else alias


def _row(event, y, at, primary):
    positions = event["positions"]
    served = list(dict.fromkeys(alias for alias, _ in event.get("served", []) if alias in at))
    return {
        "y": y,
        "middle": y + STEP / 2,
        "time": f"{event['at'] / 1000:.3f} s",
        "does": event["does"],
        "saw": event.get("saw", ""),
        "why": WRONG.get(event.get("why"), event.get("why", "")),
        "is_wrong": event.get("is_wrong", False),
        "is_wait": event.get("is_wait", False),
        "is_save": event.get("is_save", False),
        "arrows": [at[alias] - 7 for alias in served],
        "places": [
            {
                "x": x,
                "position": positions.get(alias) or "no answer",
                "is_behind": alias != primary and positions.get(alias) != positions.get(primary),
                "is_used": alias in served,
            }
            for alias, x in at.items()
        ],
    }
