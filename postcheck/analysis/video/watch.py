"""One pass over a video: the speech in it, how loud it is, and its flashes. None of it is kept in memory for long.

The pass decodes quickly and takes a first look for flashes. Only where that finds what could be some, the pictures are
decoded once more, as they are, and measured.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from postcheck.analysis.colors import planes
from postcheck.analysis.flashes import FirstLook, Flashes, FlashFacts
from postcheck.analysis.transitions import TICKS
from postcheck.analysis.video import probe
from postcheck.analysis.video.opening import ahead, decoded, opened, picture_stream, seconds_of, sound_stream, turn_of
from postcheck.analysis.video.speech import RATE, Speech

_QUICKLY = {"skip_loop_filter": "all"}
"""Decodes in three quarters of the time, and leaves the edges of blocks in the pictures."""
_AHEAD = 8
"""Frames of pictures or sound."""
_FULL = 0.999
"""Of the loudest that can be stored: what is there was cut off."""
_AUDIBLE = 0.001
"""60 decibels below the loudest: what stays below is silence."""


def work(path: Path) -> dict[str, Any]:
    """What `probe` finds, as `facts`; and nothing else where it finds a fault."""
    facts = probe.work(path)
    if facts["fault"]:
        return {"facts": facts}
    import cv2

    cv2.setNumThreads(1)  # the decoder has threads enough, and what is reckoned of a frame is too little to share out
    with opened(path) as container:
        pictures, sound = picture_stream(container), sound_stream(container)
        heard = _Sound() if sound else None
        if pictures:
            pictures.codec_context.options = _QUICKLY
        look: FirstLook | None = None
        restless = False
        shown, broken, last, size = 0, 0, 0.0, (0, 0)
        for stream, frame in ahead(decoded(container, *filter(None, (pictures, sound))), _AHEAD):
            if frame is None:
                broken += 1
            elif stream is pictures:
                look = look or FirstLook(frame.width, frame.height, turned=turn_of(frame) % 2 == 1)
                last = max(last, seconds_of(frame, container, last))
                shown, size = shown + 1, (frame.width, frame.height)
                restless = restless or look.is_restless(planes(frame), round(last * TICKS))
            elif heard:
                heard.hear(frame, seconds_of(frame, container, heard.seconds))
    flashes = _flashes(path) if restless else FlashFacts(shown, last, *size)
    return {
        "facts": facts,
        "frames": shown,
        "broken": broken,
        "seconds": last,
        "sound": heard.found() if heard else None,
        "flashes": flashes.plain(),
    }


def _flashes(path: Path) -> FlashFacts:
    with opened(path) as container:
        seen: Flashes | None = None
        last = 0.0
        for _, frame in decoded(container, picture_stream(container)):
            if frame is not None:
                seen = seen or Flashes(frame.width, frame.height, turned=turn_of(frame) % 2 == 1)
                last = max(last, seconds_of(frame, container, last))
                seen.add(planes(frame), last)
    return seen.result() if seen else FlashFacts()


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
