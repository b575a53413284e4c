"""Positions compare as numbers, and only on one timeline."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routing.position import UNREACHABLE, Position

positions = st.builds(Position, st.integers(1, 2**31 - 1), st.integers(0, 2**64 - 1))


@given(positions)
def test_a_position_survives_being_written_down(position):
    assert Position.parse(str(position)) == position


def test_a_position_is_written_as_postgresql_writes_it():
    assert str(Position(1, 0x3000060)) == "1:0/3000060"
    assert str(Position(2, 0xA_FFFFFFFF)) == "2:A/FFFFFFFF"


def test_positions_do_not_compare_as_text():
    assert Position.parse("1:9/0").is_reached_by(Position.parse("1:10/0"))
    assert not Position.parse("1:10/0").is_reached_by(Position.parse("1:9/0"))


@given(positions, positions)
def test_another_timeline_reaches_nothing(one, other):
    assert one.is_reached_by(other) == (one.timeline == other.timeline and one.lsn <= other.lsn)


@given(positions)
def test_nothing_reaches_nowhere(position):
    assert not UNREACHABLE.is_reached_by(position)


@pytest.mark.parametrize("text", ["", "0/0", "1:0", "1:0/", "x:0/0", "1:0/0 ", "١:0/0", "1:123456789/0", "1:0/0\n"])
def test_what_is_no_position_is_refused(text):
    with pytest.raises(ValueError, match="not a WAL position"):
        Position.parse(text)
