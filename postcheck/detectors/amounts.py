"""More of something than there should be."""

from __future__ import annotations

from collections.abc import Sequence

from postcheck.detectors.writing import Hit


def beyond(spans: Sequence[tuple[int, int]], most: int) -> Hit:
    """The first of `spans` that is one too many."""
    start, end = spans[most]
    return Hit(start, end, data={"count": len(spans), "most": most})
