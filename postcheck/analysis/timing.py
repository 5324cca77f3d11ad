"""Cues laid beside the speech that was heard: what has no cue, and whether all cues come too early or too late."""

from __future__ import annotations

from collections.abc import Sequence

Interval = tuple[float, float]
"""Begin and end in seconds."""

_TICK = 0.01
"""Seconds, as ffsubsync compares them."""
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


def shift(speech: Sequence[Interval], cues: Sequence[Interval]) -> tuple[float, float, float] | None:
    """By how many seconds the cues come after the speech (negative: before it), where they meet it best; how well they
    meet there, and as they stand: correlations, from -1 to 1. None where there is nothing to compare.

    Speech and cues are taken as signals of 0 and 1 and correlated at every lag by Fourier transform, as ffsubsync does.
    """
    import numpy

    length = round((max((end for _, end in (*speech, *cues)), default=0) + 2 * MOST_SHIFT) / _TICK)
    signals = []
    for intervals in (speech, cues):
        signal = numpy.zeros(length)
        for start, end in intervals:
            signal[max(round(start / _TICK), 0) : max(round(end / _TICK), 0)] = 1
        if not signal.any():
            return None
        signals.append(signal)
    meeting = numpy.fft.irfft(numpy.fft.rfft(signals[1]) * numpy.conj(numpy.fft.rfft(signals[0])), length)
    most = round(MOST_SHIFT / _TICK)
    # The silence around the video stands for what nobody knows: it counts as little as it can.
    spoken, shown = (float(signal.sum()) for signal in signals)
    seen = length - 2 * most
    means = spoken * shown / seen
    spread = ((spoken - spoken**2 / seen) * (shown - shown**2 / seen)) ** 0.5
    if spread <= 0:
        return None
    lags = numpy.arange(-most, most + 1)
    fits = (meeting[lags] - means) / spread
    best = int(numpy.argmax(fits))
    return float(lags[best] * _TICK), float(fits[best]), float(fits[most])
