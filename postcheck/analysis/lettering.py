"""The words in a picture: where each line stands, what it says, and in what colors.

PP-OCR finds and reads the lines; the colors are measured by `analysis.contrast`. Both models come with the library, and
nothing is fetched. It takes a second or so for a picture, and is done once for each content.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from postcheck.analysis.image import frames
from postcheck.analysis.measured import measured
from postcheck.analysis.pixels import Frame
from postcheck.analysis.video.worker import work
from postcheck.errors import CannotTest


@dataclass(frozen=True, slots=True)
class Line:
    """A line of words. Lengths are in pixels of the file, seen upright; colors are red, green, blue from 0 to 255."""

    text: str
    sure: float
    """How sure the reader is of the words, from 0 to 1."""
    box: tuple[int, int, int, int]
    """Left, top, width, height of the letters."""
    tilt: float
    """Degrees from the horizontal."""
    cap: float
    """How high a capital letter is."""
    stroke: float
    """How wide the strokes are."""
    thin: float
    """The same in the pixels that were measured, which are fewer in a large picture."""
    foreground: tuple[int, int, int]
    background: tuple[int, int, int]
    ratio: float
    worst: float
    best: float
    spread: float
    rim: float
    uneven: float
    on: str
    """The ground that a picture with holes was seen on: white or black; else ""."""
    frame: int
    """Of an animation, from 0."""


@dataclass(frozen=True, slots=True)
class Lettering:
    lines: tuple[Line, ...]
    """As they are read: from the top down."""
    flat: float
    """The share of the picture that is of one color: much of a graphic, and little of a photograph."""
    width: int
    """Of the picture, in pixels of the file, seen upright."""

    def first_look(self) -> list[Line]:
        """The lines as they are seen first: not again on another ground or in a later frame of an animation."""
        return [line for line in self.lines if line.frame == 0 and line.on != "black"]


def lettering(path: Path) -> Lettering:
    """The words in the picture; none where the file has a fault.

    Raises:
        OSError: the file cannot be opened.
        CannotTest: the reader is not installed.
    """
    return _lettering(measured(path, "lettering", lambda: words_in(frames(path))))


def poster_lettering(path: Path) -> Lettering:
    """The words in the picture that a platform shows before a video plays.

    Raises:
        OSError: the file cannot be opened.
        CannotTest: see `worker.work`.
    """
    return _lettering(measured(path, "poster", lambda: work("poster", path)))


def _lettering(found: dict[str, Any]) -> Lettering:
    return Lettering(tuple(map(_line, found["lines"])), found["flat"], found["width"])


def _line(value: dict[str, Any]) -> Line:
    made = dict(value)
    for name in ("box", "foreground", "background"):
        made[name] = tuple(made[name])
    return Line(**made)


def words_in(looks: Sequence[Frame], most: int = 0) -> dict[str, Any]:
    """Plain data, of which `lettering` is made. `most`: pixels of the longer side that the finder of words is given, so
    that it takes less memory; 0 for as many as it wants."""
    width = max((round(look.pixels.width * look.scale) for look in looks), default=0)
    flat = max((_flat(look) for look in looks), default=0.0)
    seen = [list(_lines(look, most)) for look in looks]
    found = [line for lines in seen for line in lines]
    for look, its in zip(looks, seen, strict=True):
        if look.on:
            others = [line for line in found if line.frame == look.number and line.on != look.on]
            found += [_on(line, look.on) for line in others if not any(_meet(line, other) for other in its)]
    return {"lines": [asdict(line) for line in found], "flat": round(flat, 3), "width": width}


def _meet(one: Line, other: Line) -> bool:
    left, top, width, height = one.box
    its_left, its_top, its_width, its_height = other.box
    across = min(left + width, its_left + its_width) - max(left, its_left)
    return across > 0 and min(top + height, its_top + its_height) > max(top, its_top)


def _on(line: Line, ground: str) -> Line:
    """A line that was found on one ground and not on the other, as it is there: mostly not to be seen."""
    from postcheck.analysis.contrast import luminance, ratios

    behind = (255, 255, 255) if ground == "white" else (0, 0, 0)
    ratio = round(float(ratios(luminance(line.foreground), luminance(behind))), 3)
    return replace(line, on=ground, background=behind, ratio=ratio, worst=ratio, best=ratio, spread=0.0, rim=0.0)


_BLOCK = 8
"""Pixels, as JPEG has them."""


def _flat(look: Frame) -> float:
    import numpy

    grey = numpy.asarray(look.pixels.convert("L"), "float32")
    down, across = (side // _BLOCK for side in grey.shape)
    if not down or not across:
        return 0.0
    blocks = grey[: down * _BLOCK, : across * _BLOCK].reshape(down, _BLOCK, across, _BLOCK)
    return float((blocks.std(axis=(1, 3)) < 2).mean())


def _lines(frame: Frame, most: int) -> Iterator[Line]:
    import numpy

    from postcheck.analysis.contrast import measure

    pixels = numpy.asarray(frame.pixels)
    for corners, text, sure in _read(pixels, most):
        left, top = corners.min(axis=0)
        right, bottom = corners.max(axis=0)
        seen = measure(pixels, (float(left), float(top), float(right), float(bottom)))
        if seen is not None:
            across = corners[1] - corners[0]
            yield Line(
                text=text,
                sure=round(float(sure), 3),
                box=_box(seen.ink, frame),
                tilt=round(float(numpy.degrees(numpy.arctan2(across[1], across[0]))), 1),
                cap=round(_cap_height(seen.ink[3] - seen.ink[1], text) * frame.scale, 1),
                stroke=round(seen.stroke * frame.scale, 2),
                thin=round(seen.stroke, 2),
                foreground=seen.foreground,
                background=seen.background,
                ratio=round(seen.ratio, 3),
                worst=round(seen.worst, 3),
                best=round(seen.best, 3),
                spread=round(seen.spread, 1),
                rim=round(seen.rim, 1),
                uneven=round(seen.uneven, 1),
                on=frame.on,
                frame=frame.number,
            )


def _box(ink: tuple[int, int, int, int], frame: Frame) -> tuple[int, int, int, int]:
    left, top, right, bottom = (round(edge * frame.scale) for edge in ink)
    return left, top, right - left, bottom - top


_TALL = frozenset("bdfhkl|/()[]{}")
_SMALL = frozenset("acegmnopqrsuvwxyz.,:;-–_~")
_BELOW = frozenset("gjpqy,;Q()[]{}|/_")


def _cap_height(ink: int, text: str) -> float:
    """From the height of the ink of a whole line, in its pixels, and what stands in it. In parts of the em of common
    fonts: capitals .70, ascenders .74, small letters .52, below the line .21."""
    signs = set(text) - {" "}
    above = 0.74 if signs & _TALL else 0.52 if signs and signs <= _SMALL else 0.70
    below = 0.21 if signs & _BELOW else 0.0
    return ink * 0.70 / (above + below)


def _read(pixels: Any, most: int = 0) -> list[tuple[Any, str, float]]:
    """Corners (4 points from the upper left, clockwise), words and sureness of each line."""
    import numpy

    # The reader wants blue first, and makes a narrow picture many times larger: it gets one with a margin.
    height, width = pixels.shape[:2]
    least = max(height, width) // 4
    margin = ((0, max(least - height, 0)), (0, max(least - width, 0)), (0, 0))
    result = _reader(most)(numpy.pad(pixels, margin, mode="edge")[:, :, ::-1].copy())
    if result.boxes is None or result.txts is None:
        return []
    return list(zip(result.boxes, result.txts, result.scores, strict=True))


@cache
def _reader(most: int) -> Any:
    try:
        from rapidocr import RapidOCR
    except ImportError as error:
        raise CannotTest(f"The library {error.name} is not installed: install postcheck again.") from None

    # Without the model that turns words standing on their head: posts have none, and it costs a tenth.
    params: dict[str, Any] = {"Global.log_level": "critical", "Global.use_cls": False, "Global.text_score": 0.0}
    if most:
        params |= {"Det.limit_type": "max", "Det.limit_side_len": most}
    return RapidOCR(params=params)
