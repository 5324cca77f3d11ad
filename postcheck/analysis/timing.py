"""Cues laid beside the speech that was heard: what has no cue, and whether all cues come too early or too late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Interval = tuple[float, float]
"""Begin and end in seconds."""

_TICK = 0.05
"""Seconds from one place that is tried to the next."""
_TOGETHER = 0.3
"""Seconds. Over a shorter pause speech goes on, and so do cues."""
_LEAST = 2
"""Stretches of cues."""
_EDGE = 0.25
"""Seconds by which cues begin and end beside the words, as a standard deviation."""
_NEAR = 0.5
_FARTHER = 0.02
"""Off the fit for each second: small shifts are much more likely."""
MOST_SHIFT = 15.0
"""Seconds that are searched to either side. Farther off, the captions are another video's."""


def united(intervals: Sequence[Interval], pause: float = 0.0) -> list[Interval]:
    """In order, and as one where not more than `pause` seconds lie between."""
    found: list[Interval] = []
    for start, end in sorted(intervals):
        if found and start - found[-1][1] <= pause:
            found[-1] = found[-1][0], max(found[-1][1], end)
        elif end > start:
            found.append((start, end))
    return found


def outside(intervals: Sequence[Interval], others: Sequence[Interval]) -> list[Interval]:
    """What of `intervals` lies in none of the others."""
    left = united(intervals)
    for start, end in united(others):
        left = [
            part
            for begin, finish in left
            for part in ((begin, min(finish, start)), (max(begin, end), finish))
            if part[1] > part[0]
        ]
    return sorted(left)


def total(intervals: Sequence[Interval]) -> float:
    return sum(end - start for start, end in intervals)


@dataclass(frozen=True, slots=True)
class Shift:
    """Where cues meet the speech best. How well they meet: the share of the cues' time in which somebody speaks, and
    the share of their begins and ends at which speech begins or ends, together from 0 to 2."""

    seconds: float
    """By which the cues come after the speech; negative: before it."""
    fit: float
    as_they_are: float
    """The best fit within _NEAR of where they stand."""
    elsewhere: float
    """The best fit more than a second away from the best."""


def shift(speech: Sequence[Interval], cues: Sequence[Interval]) -> Shift | None:
    """None where there is too little to compare: one stretch of cues fits in many places.

    What is left without cues does not count against a place, since captions are often incomplete; and of places that
    fit alike the nearer one is taken.
    """
    import numpy

    heard, shown = united(speech, _TOGETHER), united(cues, _TOGETHER)
    if not heard or len(shown) < _LEAST:
        return None
    lags = numpy.arange(-MOST_SHIFT, MOST_SHIFT + _TICK / 2, _TICK)
    spoken = numpy.zeros(round((max(end for _, end in (*heard, *shown)) + 2 * MOST_SHIFT) / _TICK) + 2)

    def ticks(seconds: Any) -> Any:
        return numpy.clip(numpy.round((seconds + MOST_SHIFT) / _TICK), 0, len(spoken)).astype(int)

    for start, end in heard:
        spoken[ticks(start) : ticks(end)] = 1
    until = numpy.concatenate([[0], numpy.cumsum(spoken)]) * _TICK
    covered, met = numpy.zeros(len(lags)), numpy.zeros(len(lags))
    for cue in shown:
        covered += until[ticks(cue[1] - lags)] - until[ticks(cue[0] - lags)]
        for edge, edges in zip(cue, numpy.array(heard).T, strict=True):
            away = numpy.abs((edge - lags)[:, None] - edges).min(axis=1)
            met += numpy.exp(-((away / _EDGE) ** 2) / 2)
    fits = covered / total(shown) + met / (2 * len(shown)) - _FARTHER * numpy.abs(lags)
    best = int(numpy.argmax(fits))
    return Shift(
        seconds=float(lags[best]),
        fit=float(fits[best]),
        as_they_are=float(fits[numpy.abs(lags) < _NEAR].max()),
        elsewhere=float(fits[numpy.abs(lags - lags[best]) > 1.0].max()),
    )
