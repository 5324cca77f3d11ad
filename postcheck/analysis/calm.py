"""Whether nothing can have flashed: a quick test that saves the reckoning of light and red in calm pictures."""

from __future__ import annotations

from typing import Any

from postcheck.analysis.colors import Points
from postcheck.analysis.transitions import TICKS, Grid

_MOST_LUMA, _MOST_CHROMA = 6, 3
"""How far luma and chroma of a point may go, in 8-bit values, while its relative luminance surely changes by less than
0.1: where a value rises from .9 to 1 of linear light, the steepest part of sRGB, it takes 11.2 of 255. By the matrices
of BT.601 and BT.709 no more than 1.164 of luma, .921 and .425 of the two chromas are added: 6, 3 and 3 make 11.02."""
_LEAST_RED, _RED_FOR_LUMA = 136, 0.42
"""Of red chroma, and for each value of luma above 16: a color with less of it is not saturated (see `_saturated_points`
of `transitions`)."""
_NOT_ASKED = 7
"""Frames after one that was not calm, which are taken to be so, too."""


class Calm:
    """Told by how far each point went within the last one to two seconds."""

    def __init__(self, grid: Grid) -> None:
        self._grid = grid
        self._since = 0
        self._unasked = 0
        self._now: list[tuple[Any, Any]] = []
        self._before: list[tuple[Any, Any]] = []
        """Of luma, blue and red chroma: the least and the most at each point."""

    def holds(self, points: Points, ticks: int) -> bool:
        import cv2
        import numpy as np

        if points.coding is None:
            return False
        if not self._now or ticks - self._since > TICKS:
            self._before, self._since = self._now, ticks
            self._now = [(plane, plane) for plane in points.planes]
        else:
            kept = zip(self._now, points.planes, strict=True)
            self._now = [(cv2.min(least, plane), cv2.max(most, plane)) for (least, most), plane in kept]
        if self._unasked:  # where it was not calm it will hardly be so a frame later
            self._unasked -= 1
            return False
        both = [
            (cv2.min(one[0], other[0]), cv2.max(one[1], other[1]))
            for one, other in zip(self._now, self._before or self._now, strict=True)
        ]
        luma, blue, red = (cv2.subtract(most, least) for least, most in both)
        if self._are_many((luma > _MOST_LUMA) | (cv2.max(blue, red) > _MOST_CHROMA)):
            self._unasked = _NOT_ASKED
            return False
        reddest, darkest = both[2][1].astype(np.int16), both[0][0].astype(np.int16)
        return not self._are_many(reddest >= np.maximum(_LEAST_RED, 128 + _RED_FOR_LUMA * (darkest - 16)))

    def _are_many(self, points: Any) -> bool:
        """Within one window."""
        import cv2
        import numpy as np

        if np.count_nonzero(points) < self._grid.least:
            return False
        height, width = self._grid.window
        sums = cv2.boxFilter(points.view(np.uint8), cv2.CV_32F, (width, height), normalize=False)
        return bool(sums.max() >= self._grid.least)
