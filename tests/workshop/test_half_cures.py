"""A learner is half way, or has gone wrong: the check says so, and says why."""

import pytest

pytestmark = pytest.mark.timeout(120)
DICE = 'random.choice(["replica1", "replica2"])'


@pytest.mark.parametrize(
    ("number", "name", "old", "new", "teaches"),
    [
        ("01", "conditions.py", "BEHIND = 1.0", "BEHIND = 0.0", "hold a replica back"),
        ("01", "conditions.py", "REPLICAS_BEHIND = 1", "REPLICAS_BEHIND = 2", "Let one of the two keep up"),
        ("02", "router.py", '.startswith("/admin")', '.startswith("/")', "safe and scales nothing"),
        ("02", "router.py", "if request is None or", "if request and", "It has no request"),
        ("02", "router.py", DICE, '"replica2"', "Choose at random"),
        ("02", "router.py", "if request is None or", "if", "router.py, line 11 raises AttributeError"),
        ("02", "router.py", "import random", "import random +", "router.py, line 3 raises SyntaxError"),
        ("03", "router.py", " or model._meta.app_label in PINNED", "", "Django deleted the cookie"),
        ("03", "router.py", 'path_info.startswith("/admin/")', 'path_info.startswith("/admin")', "whole segments"),
        ("03", "router.py", "request.path_info", "request.path", "request.path_info has not"),
        ("03", "router.py", 'if not hasattr(request, "replica")', "if True", "Choose once for each request"),
        ("03", "router.py", DICE, '"default"', "both replicas should serve them"),
        ("04", "report.py", "with replica(after=after)", "with replica()", "Pass it on"),
        ("04", "report.py", "with replica(after=after)", "if True", "Say that a replica will do"),
        ("05", "bookmark.py", "pg_last_wal_replay_lsn", "pg_last_wal_receive_lsn", "received is not visible"),
        ("05", "bookmark.py", ">= bookmark", "> bookmark", ">=, not >"),
        ("05", "bookmark.py", "int(cursor.fetchone()[0])", "str(cursor.fetchone()[0])", "raises TypeError"),
        ("06", "decisions.py", '"newspaper": "path"', '"newspaper": "every"', "waiting at each commit"),
        ("06", "decisions.py", '"api": "using"', '"api": "path"', "0 of 20 POSTs"),
        ("06", "decisions.py", '"forum": "path"', '"forum": "pin"', "'pin' is a guess"),
        ("06", "decisions.py", '"seats": "every"', '"seats": "any"', "waits for whichever is first"),
        ("06", "decisions.py", '"worker": "path"', '"worker": "pin"', "the worker has none"),
        ("07", "settings_home.py", "DATABASE_ROUTERS", "ROUTERS", "PathRouter is not in DATABASE_ROUTERS"),
        ("07", "test_home.py", "with frozen_replica()", "if True", "it proves nothing"),
        ("08", "reading.py", "random.sample(replicas, len(replicas))", "replicas[:1]", "A read can be done again"),
        ("08", "reading.py", "DEADLINE = 0.5", "DEADLINE = 5.0", "Only a clock does"),
        ("08", "reading.py", "DEADLINE = 0.5", "DEADLINE = 0.0", "DEADLINE is too short"),
        ("08", "reading.py", "?target_session_attrs=read-write", "", "the one that takes writes"),
    ],
)
def test_the_check_says_what_is_missing(start, solved, number, name, old, new, teaches):
    status, said = start(solved(number, name, old, new), "check")
    assert status == 1, said
    assert said.startswith(f"chapter {number}: not yet — ")
    assert teaches in said
