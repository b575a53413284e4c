"""The judge of histories can tell: what must not be is counted, and what is promised to nobody is not."""

from tests.faults.under_load.history import Known, Visit, judge

NEVER = Known()


def save(version, at, story="mine"):
    return Visit(story, version, at, at + 1, is_save=True)


def read(version, at, story="mine", **more):
    return Visit(story, version, at, at + 1, **more)


def test_a_page_that_shows_less_than_was_saved_is_stale():
    assert judge([save(1, 0), save(2, 2), read(1, 4), read(2, 6)], NEVER).stale == 1


def test_a_page_that_shows_less_than_the_last_is_a_step_back_for_who_holds_a_bookmark():
    steps = [read(5, 0, "hers", has_bookmark=True), read(4, 2, "hers")]
    assert judge(steps, NEVER).back == 1
    assert judge([read(5, 0, "hers"), read(4, 2, "hers")], NEVER).back == 0


def test_a_save_makes_a_promise_of_all_that_was_seen_before():
    assert judge([read(5, 0, "hers"), save(1, 2), read(4, 4, "hers")], NEVER).back == 1


def test_who_is_logged_out_counts():
    assert judge([read(0, 0, is_logged_in=False)], NEVER).logged_out == 1


def test_while_the_primary_is_gone_the_newest_page_there_is_has_to_do():
    verdict = judge([save(1, 0), read(0, 5, is_logged_in=False), read(0, 20)], Known(outages=[(4, 10)]))
    assert (verdict.excused, verdict.stale, verdict.logged_out) == (1, 1, 0)


def test_what_a_promotion_has_lost_is_not_asked_for_afterwards():
    steps = [save(1, 0), save(2, 2), read(1, 4), read(1, 20), read(0, 22)]
    assert judge(steps, Known(lost={("mine", 2): 10})).stale == 2  # the first, and the last
