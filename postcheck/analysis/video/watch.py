"""One pass over a video: the speech in it, how loud it is, and its flashes. None of it is kept in memory for long."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from postcheck.analysis.flashes import Flashes, FlashFacts, planes
from postcheck.analysis.video.opening import decoded, opened, picture_stream, seconds_of, sound_stream, turn_of
from postcheck.analysis.video.speech import RATE, Speech

_FULL = 0.999
"""Of the loudest that can be stored: what is there was cut off."""
_AUDIBLE = 0.001
"""60 decibels below the loudest: what stays below is silence."""


def work(path: Path) -> dict[str, Any]:
    with opened(path) as container:
        pictures, sound = picture_stream(container), sound_stream(container)
        heard = _Sound() if sound else None
        seen: Flashes | None = None
        shown, broken, last = 0, 0, 0.0
        for stream, frame in decoded(container, *filter(None, (pictures, sound))):
            if frame is None:
                broken += 1
            elif stream is pictures:
                seen = seen or Flashes(frame.width, frame.height, turned=turn_of(frame) % 2 == 1)
                last = max(last, seconds_of(frame, container, last))
                shown += 1
                seen.add(planes(frame), last)
            elif heard:
                heard.hear(frame, seconds_of(frame, container, heard.seconds))
    return {
        "frames": shown,
        "broken": broken,
        "seconds": last,
        "sound": heard.found() if heard else None,
        "flashes": (seen.result() if seen else FlashFacts()).plain(),
    }


class _Sound:
    def __init__(self) -> None:
        import av

        self._speech = Speech()
        self._resampler = av.AudioResampler(format="flt", layout="mono", rate=RATE)
        self._samples = self._full = 0
        self._loudest = 0.0
        self._begin: float | None = None

    @property
    def seconds(self) -> float:
        """Until which it was heard."""
        return (self._begin or 0.0) + self._samples / RATE

    def hear(self, frame: Any, when: float) -> None:
        import numpy

        if self._begin is None:
            self._begin = when
        for part in self._resampler.resample(frame):
            samples = part.to_ndarray().reshape(-1)
            loud = numpy.abs(samples)
            self._samples += len(samples)
            self._full += int((loud >= _FULL).sum())
            self._loudest = max(self._loudest, float(loud.max(initial=0)))
            self._speech.hear(samples)

    def found(self) -> dict[str, Any]:
        begin = self._begin or 0.0
        return {
            "seconds": self.seconds,
            "audible": self._loudest > _AUDIBLE,
            "cut_off": self._full / max(self._samples, 1),
            "speech": [[round(start + begin, 3), round(end + begin, 3)] for start, end in self._speech.intervals()],
        }
