"""What the counting of transitions leaves out before it reckons."""

from __future__ import annotations

import numpy as np

from postcheck.analysis.transitions import _saturated, _saturated_points, linear_table


def test_no_saturated_red_is_passed_over() -> None:
    """The quick test in whole numbers finds all that the exact one finds, and hardly anything else."""
    table = linear_table()
    red, green = np.meshgrid(np.arange(256, dtype=np.uint8), np.arange(0, 256, 3, dtype=np.uint8))
    missed = more = saturated = np.intp(0)
    for value in range(0, 256, 5):
        blue = np.full_like(red, value)
        exact = _saturated(table[red], table[green], table[blue])
        quick = _saturated_points((red, green, blue))
        missed += np.count_nonzero(exact & ~quick)
        more += np.count_nonzero(quick & ~exact)
        saturated += np.count_nonzero(exact)
    assert missed == 0
    assert saturated > 50_000
    assert more < saturated / 100
