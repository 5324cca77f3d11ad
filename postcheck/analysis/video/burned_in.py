"""Are captions burned into the pictures? Their presence can be told; their wording, often misread, is not judged."""

from __future__ import annotations

import difflib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postcheck.analysis.video.opening import decoded, opened, picture_stream, seconds_of, turn_of

_LOOKS, _MORE_LOOKS = 12, 28
"""First; and again, elsewhere, where these leave it open."""
_APART = 1.0
"""Seconds from one look to the next, at the least: captions stand for one to seven."""
_AWAY = 15.0
"""Seconds to the next look from which the file is searched instead of decoded through."""
_LOW, _LOW_UPRIGHT = 0.55, 0.35
"""Where captions begin, in parts of the height: lower in landscape videos than in those for telephones."""
_MOST_SIDE = 960
"""Pixels of the longer side that are looked at."""
_SIDE = 640
"""Pixels of the longer side that the finder of words is given."""
_SURE = 0.6
_LETTERS = 6
_EDGE = 0.015
"""Of the width. Words that run over the edge are a ticker's."""
_ALIKE = 0.6
"""Words so alike are the same words, misread."""


@dataclass(frozen=True, slots=True)
class _Look:
    when: float
    words: str


def work(path: Path, speech: Sequence[Sequence[float]]) -> dict[str, Any]:
    """Looks at the pictures while somebody speaks."""
    read = _Reader()
    wanted = times(speech)
    first = wanted[:: max(len(wanted) // _LOOKS, 1)]
    looks = list(_looks(path, read, first))
    if not _is_clear(looks):
        others = sorted(set(wanted) - set(first))
        looks += _looks(path, read, others[:: max(len(others) // _MORE_LOOKS, 1)])
    return judged(sorted(looks, key=lambda look: look.when))


def _looks(path: Path, read: _Reader, wanted: Sequence[float]) -> Iterator[_Look]:
    with opened(path) as container:
        for frame, when in _frames_at(container, picture_stream(container), wanted):
            yield _Look(when, read(_upright(frame)))


def _is_clear(looks: Sequence[_Look]) -> bool:
    """Are there hardly words at all, or words nearly always, and the same ones or ever others?"""
    found = judged(looks)
    return found["share"] < 0.1 or (found["share"] > 0.7 and found["changes"] not in (1, 2))


def times(speech: Sequence[Sequence[float]]) -> list[float]:
    """When one can look: all along the speech, at least _APART from one another."""
    found: list[float] = []
    for start, end in speech:
        at = start + min(0.4, (end - start) / 2)  # captions come with the first words, or a little later
        while at < end:
            if not found or at - found[-1] >= _APART:
                found.append(at)
            at += _APART
    return found


def judged(looks: Sequence[_Look]) -> dict[str, Any]:
    """How many looks saw words, how often these changed, and the look that saw most."""
    seen = [look for look in looks if look.words]
    changes = sum(not _same(one.words, next_.words) for one, next_ in itertools.pairwise(seen))
    fullest = max(seen, key=lambda look: len(look.words), default=_Look(0.0, ""))
    return {
        "share": round(len(seen) / max(len(looks), 1), 3),
        "changes": changes,
        "when": round(fullest.when, 3),
        "words": fullest.words,
    }


def _same(one: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, one.casefold(), other.casefold(), autojunk=False).ratio() >= _ALIKE


def _frames_at(container: Any, stream: Any, wanted: Sequence[float]) -> Iterator[tuple[Any, float]]:
    waiting = list(wanted)
    now = 0.0
    while waiting:
        if waiting[0] - now > _AWAY:
            container.seek(int(waiting[0] * 1_000_000) + (container.start_time or 0))
        ended = True
        for _, frame in decoded(container, stream):
            if frame is None:
                continue
            now = seconds_of(frame, container, now)
            if now >= waiting[0]:
                yield frame, now
                waiting = [when for when in waiting if when > now]
                if not waiting or waiting[0] - now > _AWAY:
                    ended = False
                    break
        if ended:
            return


def _upright(frame: Any) -> Any:
    import numpy

    smaller = min(1.0, _MOST_SIDE / max(frame.width, frame.height))
    size = {"width": round(frame.width * smaller), "height": round(frame.height * smaller)}
    return numpy.rot90(frame.to_ndarray(format="bgr24", **size), turn_of(frame))


class _Reader:
    def __init__(self) -> None:
        from rapidocr import RapidOCR

        self._read: Any = RapidOCR(
            params={
                "Global.log_level": "critical",
                "Global.use_cls": False,
                "Global.text_score": _SURE,
                "Det.limit_type": "max",
                "Det.limit_side_len": _SIDE,
            }
        )

    def __call__(self, picture: Any) -> str:
        """The words that stand low in the picture and not at its side."""
        import numpy

        height, width = picture.shape[:2]
        low = picture[round(height * (_LOW if width >= height else _LOW_UPRIGHT)) :]
        found = self._read(numpy.ascontiguousarray(low))
        if found.boxes is None or found.txts is None:
            return ""
        kept = [
            text
            for corners, text in zip(found.boxes, found.txts, strict=True)
            if _is_in_the_middle(corners, width) and sum(map(str.isalpha, text)) >= 2
        ]
        words = " ".join(kept)
        return words if sum(map(str.isalpha, words)) >= _LETTERS else ""


def _is_in_the_middle(corners: Any, width: int) -> bool:
    left, right = corners[:, 0].min() / width, corners[:, 0].max() / width
    return bool(left > _EDGE and right < 1 - _EDGE and left < 0.5 < right)
