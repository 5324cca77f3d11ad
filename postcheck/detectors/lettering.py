"""The words in pictures: are they dark or light enough, and large enough, to be read?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from postcheck.analysis.lettering import Lettering, Line, lettering, poster_lettering
from postcheck.detectors.pictures import each, place_in
from postcheck.detectors.videos import each_video
from postcheck.model import PASSED, Context, Draft, Image, Observation, Options, Outcome, Video

CAP_OF_EM = 0.694
"""A capital's height in parts of the font size, by 38 fonts (.650 to .730)."""
BOLD_FROM = 0.146
"""The stroke's width in parts of a capital's height, as it is measured here on 394 lines of 10 families: regular .091
to .153, bold .138 to .216 (5 in 100 of either are beyond the other's end)."""
_BOLD_ERROR = 0.06
LARGE, LARGE_BOLD = 24.0, 14 / 18 * 24
"""CSS pixels: 18 points, and 14 points bold (WCAG 2.2, large scale text)."""
_SIZE_ERROR = 0.08
"""Of the font size, by its capitals: within this are 87 in 100 of drawn lines. The others matter only where the ratio
is between what large and small letters need."""
_SURE = 0.8
"""Of the reader's words; what it is less sure of may be no words at all."""
_HALF_SURE = 0.5
PHOTOGRAPH = 0.3
"""A picture of which less is flat is one."""
STRAIGHT = 1.6
"""Degrees. Words that were put upon a picture stand straight and are of one color; those of a street sign in it are
seldom both."""
EVEN = 7.0
GRAPHIC = 0.8
"""A picture of which so much is flat was drawn: nothing in it was photographed, and where small letters are not of one
color, as far as EVEN_DRAWN, JPEG did it."""
EVEN_DRAWN = 16.0
_RESTLESS = 20.0
"""The spread of a ground that is a photograph's."""
_CHANGES = 1.3
"""The best ratio along a line to the worst, from which the ground changes."""
_RIM = 18.0
"""An outline or a shadow. Letters without either reach 17 in a JPEG, 99 in 100 of them 13.5; most outlines 28."""


def text_contrast(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `minimum` and `minimum_large`, ratios; `shown_width`, how many CSS pixels wide a picture is shown."""

    def judge(item: Image | Video, found: Lettering) -> Iterator[Observation]:
        verdicts = [(line, _judge(line, found, options)) for line in found.lines if _is_words(line)]
        judged = [(line, verdict) for line, verdict in verdicts if verdict.outcome is not Outcome.INAPPLICABLE]
        if judged and all(verdict.outcome is Outcome.PASSED for _, verdict in judged):
            yield PASSED
        for group in _alike(judged):
            yield _observation(item, group)

    yield from each(draft, lettering, judge)
    yield from each_video(draft, poster_lettering, judge)


def _is_words(line: Line) -> bool:
    return line.sure >= _HALF_SURE and sum(map(str.isalnum, line.text)) >= 2


@dataclass(frozen=True, slots=True)
class _Verdict:
    outcome: Outcome
    required: float
    reason: str = ""


def _judge(line: Line, found: Lettering, options: Options) -> _Verdict:
    required, may_be_large = _required(line, found.width, options)
    error = _error(line)
    if line.spread >= _RESTLESS:
        low, high = line.worst / (1 + error), line.best * (1 + error)
    else:
        low, high = min(line.worst * 1.02, line.ratio) / (1 + error), line.ratio * (1 + error)
    if low >= required:
        return _Verdict(Outcome.PASSED, required)
    is_drawn = _is_drawn(line, found)
    is_photograph = found.flat < PHOTOGRAPH
    if is_photograph and not (is_drawn and line.sure >= _SURE):
        return _Verdict(Outcome.INAPPLICABLE, required)  # words of the scene, or none: WCAG does not speak of them
    if line.sure < _SURE:
        return _Verdict(Outcome.CANT_TELL, required, "unsure-text")
    if line.rim > _RIM:
        return _Verdict(Outcome.CANT_TELL, required, "outline")
    least = options["minimum_large"] if may_be_large else required
    if high < least and is_drawn and not is_photograph:
        return _Verdict(Outcome.FAILED, least)
    if high < least:
        return _Verdict(Outcome.CANT_TELL, least, "photo-ground" if is_photograph else "tiny")
    if high < required:
        return _Verdict(Outcome.CANT_TELL, required, "size")
    if is_photograph:
        return _Verdict(Outcome.CANT_TELL, required, "photo-ground")
    if line.best > line.worst * _CHANGES:
        return _Verdict(Outcome.CANT_TELL, required, "gradient")
    return _Verdict(Outcome.CANT_TELL, required, "tiny" if _is_thin(line) else "near-threshold")


def _is_drawn(line: Line, found: Lettering) -> bool:
    """Was it put upon the picture, as far as can be told, and not photographed with it?"""
    return abs(line.tilt) <= STRAIGHT and line.uneven <= (EVEN_DRAWN if found.flat >= GRAPHIC else EVEN)


def _required(line: Line, width: int, options: Options) -> tuple[float, bool]:
    """The ratio that the line must have; and whether it may be large and so need less, which cannot be told."""
    size = css_size(line, width, options)
    weight = line.stroke / max(line.cap, 1)
    surely = size >= LARGE * (1 + _SIZE_ERROR) or (
        weight >= BOLD_FROM * (1 + _BOLD_ERROR) and size >= LARGE_BOLD * (1 + _SIZE_ERROR)
    )
    maybe = size >= LARGE * (1 - _SIZE_ERROR) or (
        weight >= BOLD_FROM * (1 - _BOLD_ERROR) and size >= LARGE_BOLD * (1 - _SIZE_ERROR)
    )
    return (options["minimum_large"] if surely else options["minimum"]), maybe and not surely


def css_size(line: Line, width: int, options: Options) -> float:
    """The font size in CSS pixels, where a picture of that width is shown."""
    shown: float = options["shown_width"]
    return line.cap / CAP_OF_EM * shown / max(width, 1)


def _is_thin(line: Line) -> bool:
    return line.thin < 2.4


def _error(line: Line) -> float:
    """How far the measured ratio may be off, as a share of it: measured on drawn lines (benchmarks/accuracy.py)."""
    is_exact = line.uneven < 0.8 and line.spread < 0.8
    if _is_thin(line):
        return 0.06 if is_exact else 0.15
    return 0.02 if is_exact else 0.045


def _alike(judged: list[tuple[Line, _Verdict]]) -> list[list[tuple[Line, _Verdict]]]:
    """What is wrong in the same way and the same colors is one finding: a flyer has twenty lines of one kind."""
    groups: list[list[tuple[Line, _Verdict]]] = []
    for line, verdict in judged:
        if verdict.outcome is Outcome.PASSED:
            continue
        for group in groups:
            first, its = group[0]
            if its == verdict and _near(first, line):
                if all(line.box != one.box for one, _ in group):  # seen on white and on black, or in every frame
                    group.append((line, verdict))
                break
        else:
            groups.append([(line, verdict)])
    return groups


def _near(one: Line, other: Line) -> bool:
    pairs = zip((*one.foreground, *one.background), (*other.foreground, *other.background), strict=True)
    return all(abs(first - second) <= _SAME_COLOR for first, second in pairs)


_SAME_COLOR = 24
"""Of 255, in red, green and blue: a JPEG changes a color by as much from line to line."""


def _observation(item: Image | Video, group: list[tuple[Line, _Verdict]]) -> Observation:
    from postcheck.analysis.contrast import nearest_passing

    line, verdict = min(group, key=lambda item: item[0].ratio)
    mended = nearest_passing(line.foreground, line.background, verdict.required)
    ground = nearest_passing(line.background, line.foreground, verdict.required)
    data: dict[str, Any] = {
        "file": item.asset.name,
        "text": line.text,
        "more": f" and {len(group) - 1} more like it" if len(group) > 1 else "",
        "ratio": line.ratio,
        "worst": line.worst,
        "required": verdict.required,
        "foreground": as_hex(line.foreground),
        "background": as_hex(line.background),
        "use": _colors(mended, ground),
        "lines": [one.text for one, _ in group],
        "boxes": [list(one.box) for one, _ in group],
    }
    if line.on:
        data["on"] = line.on
    if line.frame:
        data["frame"] = line.frame
    message = "" if verdict.outcome is Outcome.FAILED else f"cantTell-{verdict.reason}"
    return Observation(verdict.outcome, place_in(item, line.box), data, message)


def _colors(mended: tuple[int, int, int] | None, ground: tuple[int, int, int] | None) -> str:
    ways = [f"{as_hex(mended)} for the words" if mended else "", f"{as_hex(ground)} behind them" if ground else ""]
    return " or ".join(way for way in ways if way) or "black on white"


def as_hex(color: tuple[int, int, int]) -> str:
    return "#{:02X}{:02X}{:02X}".format(*color)


def text_size(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `minimum`, CSS pixels; `shown_width`."""

    def judge(item: Image | Video, found: Lettering) -> Iterator[Observation]:
        is_photograph = found.flat < PHOTOGRAPH
        lines = {  # each once: it may be seen on white and on black, or in every frame
            line.box: line
            for line in found.lines
            if _is_words(line) and line.sure >= _SURE and not (is_photograph and not _is_drawn(line, found))
        }
        sizes = [(css_size(line, found.width, options), line) for line in lines.values()]
        small = [(size, line) for size, line in sizes if size * (1 + _SIZE_ERROR) < options["minimum"]]
        if sizes and not small:
            yield PASSED
        if small:
            size, line = min(small, key=lambda item: item[0])
            data = {
                "file": item.asset.name,
                "text": line.text,
                "more": f" and {len(small) - 1} more lines" if len(small) > 1 else "",
                "size": round(size, 1),
                "minimum": options["minimum"],
                "width": options["shown_width"],
                "lines": [one.text for _, one in small],
                "boxes": [list(one.box) for _, one in small],
            }
            # What stands small and straight in a photograph is mostly a badge or a banner that was there.
            outcome = Outcome.CANT_TELL if is_photograph else Outcome.FAILED
            yield Observation(outcome, place_in(item, line.box), data)

    yield from each(draft, lettering, judge)
    yield from each_video(draft, poster_lettering, judge)


def text_heavy(draft: Draft, options: Options, context: Context) -> Iterator[Observation]:
    """Options: `most_words`."""

    def judge(item: Image | Video, found: Lettering) -> Iterator[Observation]:
        words = sum(len(line.text.split()) for line in found.first_look() if line.sure >= _SURE)
        if words <= options["most_words"]:
            yield PASSED
        else:
            data = {"file": item.asset.name, "words": words, "most": options["most_words"]}
            yield Observation(Outcome.FAILED, item.place, data)

    return each(draft, lettering, judge)
