"""What learners hand in that is wrong: whole answers in wrong_answers/, and slips in a good one.

The first line of each file names the learner's file, and words of the answer.
"""

import re
from pathlib import Path

import pytest

pytestmark = pytest.mark.timeout(240)
FILES = sorted((Path(__file__).parent / "wrong_answers").glob("*/*.py"))
DICE = 'random.choice(["replica1", "replica2"])'


def said_not_yet(start, chapter):
    """Check a chapter that is wrong; return the answer, which names what was seen, was expected, and where to look."""
    status, said = start(chapter, "check")
    assert status == 1, said
    answer = re.fullmatch(rf"chapter {chapter.number}: not yet seen (.{{15,}}) expected (.+) look at (.+)", said)
    assert answer, said
    assert re.search(r"\w\.py|router", answer[3]), "it doesn't say where to look"
    return said


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_wrong_answer_gets_a_message_that_helps(path, start, handed_in, monkeypatch):
    if path.stem == "waits_in_the_function":  # it never returns; the others may take their time on a busy machine
        monkeypatch.setenv("WORKSHOP_LIMIT", "40")
    name, says = re.fullmatch(r"# (\w+\.py) \| (.*)", path.read_text().partition("\n")[0]).groups()
    assert says in said_not_yet(start, handed_in(path.parent.name, name, lambda _: path.read_text()))


@pytest.mark.parametrize(
    ("number", "name", "old", "new", "says"),
    [
        ("02", "router.py", "import random", "import random +", "router.py, line 3 raises SyntaxError"),
        ("02", "router.py", "return random", "return randum", "is it spelled the same way everywhere?"),
        ("02", "router.py", "import random\n", "", "router.py, line 12: import random"),
        ("02", "router.py", 'path.startswith("/admin")', "path / 0", "router.py, line 11: `if request is None"),
        ("03", "router.py", " or model._meta.app_label in PINNED", "", "Django deleted the cookie"),
        ("03", "router.py", 'path_info.startswith("/admin/")', 'path_info.startswith("/admin")', "whole segments"),
        ("03", "router.py", "request.path_info", "request.path", "request.path_info doesn't"),
        ("03", "router.py", DICE, '"default"', "both replicas at work"),
        ("06", "decisions.py", '"newspaper": "path"', '"newspaper": None', "no decision yet"),
        ("06", "decisions.py", '"newspaper": "path"', '"newspaper": "paths"', "one of 'path', 'using'"),
        ("06", "decisions.py", '"newspaper": "path"', '"newspaper": "every"', "delays no commit"),
        ("06", "decisions.py", '"api": "using"', '"api": "path"', "0 of 20 POSTs"),
        ("06", "decisions.py", '"forum": "path"', '"forum": "pin"', "'pin' is a guess"),
        ("06", "decisions.py", '"seats": "every"', '"seats": "any"', "waits for whichever replica is first"),
        ("06", "decisions.py", '"worker": "path"', '"worker": "pin"', "no cookie and no pin"),
        ("07", "settings_home.py", "DATABASE_ROUTERS", "ROUTERS", "PathRouter is not in DATABASE_ROUTERS"),
        ("07", "settings_home.py", '["routing",', '["routing"+,', "SyntaxError"),
        ("07", "test_home.py", "with frozen_replica()", "if True", "A test that can't fail proves nothing"),
        ("08", "reading.py", "random.sample(replicas, len(replicas))", "replicas[:1]", "A read can be asked again"),
        ("08", "reading.py", "DEADLINE = 0.5", "DEADLINE = 5.0", "Only a clock does"),
        ("08", "reading.py", "DEADLINE = 0.5", "DEADLINE = 0.0", "shorter than a page takes"),
        ("08", "reading.py", "def where_to_write", "def where", "is missing"),
    ],
)
def test_a_slip_gets_a_message_that_helps(start, handed_in, number, name, old, new, says):
    def slip(text):
        assert old in text
        return text.replace(old, new)

    assert says in said_not_yet(start, handed_in(number, name, slip))
