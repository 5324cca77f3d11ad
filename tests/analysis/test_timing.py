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
    lag, fit, as_it_is = found
    assert lag == pytest.approx(late, abs=0.02)
    assert fit > 0.8
    assert as_it_is == pytest.approx(fit, abs=0.02) if late == 0 else as_it_is < fit


@pytest.mark.parametrize(("speech", "cues"), [([], SPEECH), (SPEECH, []), ([(0, 30)], [(0, 30)])])
def test_nothing_to_compare(speech: list[tuple[float, float]], cues: list[tuple[float, float]]) -> None:
    found = shift(speech, cues)
    assert found is None or found[0] == 0
