"""Cues beside speech."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postcheck.analysis.timing import outside, shift, total, united

SPEECH = [(1.0, 4.0), (5.0, 6.5), (9.0, 13.0), (14.5, 16.0), (20.0, 25.0), (28.0, 30.0)]
intervals = st.lists(
    st.tuples(st.integers(0, 600), st.integers(1, 80)).map(lambda one: (one[0] / 10, (one[0] + one[1]) / 10)),
    max_size=12,
)


def test_what_lies_close_together_is_one() -> None:
    assert united([(5, 6), (1, 2), (2.5, 3)], 0.5) == [(1, 3), (5, 6)]
    assert united([(1, 9), (2, 3)]) == [(1, 9)]


def test_what_lies_outside() -> None:
    assert outside([(0, 10)], [(2, 3), (5, 20)]) == [(0, 2), (3, 5)]
    assert outside([(0, 10)], []) == [(0, 10)]
    assert outside([(2, 3)], [(0, 10)]) == []


@given(intervals, intervals)
def test_inside_and_outside_make_the_whole(one: list[tuple[float, float]], other: list[tuple[float, float]]) -> None:
    left = outside(one, other)
    inside = outside(one, left)
    assert total(left) + total(inside) == pytest.approx(total(united(one)))
    assert not any(min(end, stop) - max(start, begin) > 1e-9 for start, end in left for begin, stop in other)


@pytest.mark.parametrize("late", [-3.0, -0.5, 0.0, 0.4, 2.0, 7.5])
def test_a_shift_is_found(late: float) -> None:
    found = shift(SPEECH, [(start + late, end + late) for start, end in SPEECH if start + late >= 0])
    assert found is not None
    assert found.seconds == pytest.approx(late, abs=0.06)
    assert found.fit > 1.6
    assert found.elsewhere < found.fit - 0.3
    assert (found.as_they_are < found.fit - 0.3) == (abs(late) > 1)


def test_cues_that_are_missing_do_not_hide_a_shift() -> None:
    found = shift(SPEECH, [(start + 3, end + 3) for start, end in SPEECH[::2]])
    assert found is not None
    assert found.seconds == pytest.approx(3.0, abs=0.06)


@pytest.mark.parametrize(("speech", "cues"), [([], SPEECH), (SPEECH, []), ([(0, 30)], [(0, 30)]), (SPEECH, [(1, 4)])])
def test_nothing_to_compare(speech: list[tuple[float, float]], cues: list[tuple[float, float]]) -> None:
    assert shift(speech, cues) is None
