"""docs/race.html has the router's own numbers: of the rules, and of the settings' defaults."""

import re
from pathlib import Path

from routing.bookmarks.conf import Conf as BookmarksConf
from routing.reasons import Reason
from routing.survival.conf import Conf as SurvivalConf

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "race.html").read_text()


def test_the_rules_have_the_numbers_of_the_table():
    (table,) = re.findall(r"const RULES = \{(.*?)\};", PAGE, re.S)
    numbers = {reason: int(number) for reason, number in re.findall(r'"([a-z ]+)": (\d+)', table)}
    assert numbers == {str(reason): reason.rule for reason in Reason if reason.rule}


def test_the_words_of_the_page_have_them_too():
    written = re.findall(r'rule <span data-rule="([a-z ]+)">(\d+)<', PAGE)
    assert {reason for reason, _ in written} == {"bookmark", "pinned model", "public path"}
    assert all(Reason(reason).rule == int(number) for reason, number in written)


def test_the_settings_are_the_defaults():
    (line,) = re.findall(r"const (BOOKMARK_WAIT = .*?);", PAGE)
    values = dict(re.findall(r"(\w+) = (\d+)", line))
    assert int(values["BOOKMARK_WAIT"]) == BookmarksConf().bookmark_wait
    assert int(values["REPLICA_TIMEOUT"]) == SurvivalConf().replica_timeout
    assert int(values["PROBE_INTERVAL"]) == SurvivalConf().probe_interval * 1000
