"""QR codes in a picture: where they stand, and what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from postcheck.analysis.image import frames
from postcheck.analysis.measured import measured
from postcheck.errors import CannotTest

HIDDEN = "***"
"""Stands for the password of a Wi-Fi network, which is neither kept nor printed."""
# On codes drawn into pictures of 1080 pixels as JPEG (quality 75), turned by up to 15 degrees: all were read from 100
# pixels on, half at 80, none at 60. None was found in 139 pictures without codes, nor in noise.
_TWICE_UP_TO = 1280
"""Pixels of the longer side. A picture no larger is also looked at in twice the size, where small codes are found."""


@dataclass(frozen=True, slots=True)
class Code:
    """`holds` is "" where the code is seen and cannot be read."""

    holds: str
    box: tuple[int, int, int, int]
    """Left, top, width and height in pixels of the file, as shown upright."""


def codes(path: Path) -> tuple[Code, ...]:
    """From top to bottom, each once, however many looks of the picture show it.

    Raises:
        OSError: the file cannot be opened.
        CannotTest: OpenCV breaks off.
    """
    found = measured(path, "codes", lambda: [asdict(code) for code in _seen(path)])
    return tuple(Code(code["holds"], _four(code["box"])) for code in found)


def _four(box: Any) -> tuple[int, int, int, int]:
    left, top, width, height = box
    return left, top, width, height


def _seen(path: Path) -> list[Code]:
    read: list[Code] = []
    unread: list[Code] = []
    for code in _all(path):
        known = read if code.holds else unread
        if not any(code.holds == other.holds and _overlap(code.box, other.box) for other in known):
            known.append(code)
    # What one look shows and another reads is read.
    unread = [code for code in unread if not any(_overlap(code.box, other.box) for other in read)]
    return sorted((*read, *unread), key=lambda code: (code.box[1], code.box[0], code.holds))


def _all(path: Path) -> Iterator[Code]:
    import cv2
    import numpy

    for frame in frames(path):
        grey = cv2.cvtColor(numpy.asarray(frame.pixels), cv2.COLOR_RGB2GRAY)
        looks = [(grey, 1.0), (255 - grey, 1.0)]  # a code may be light on dark
        if max(grey.shape) <= _TWICE_UP_TO:
            looks.append((cv2.resize(grey, None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC), 0.5))
        for pixels, size in looks:
            try:
                _, texts, corners, _ = cv2.QRCodeDetectorAruco().detectAndDecodeBytesMulti(pixels)
            except cv2.error as error:
                raise CannotTest(f"{path.name} could not be searched for QR codes: {error}") from None
            for text, points in zip(texts, [] if corners is None else corners, strict=False):
                (left, top), (right, bottom) = points.min(axis=0) * size, points.max(axis=0) * size
                sides = (left, top, right - left, bottom - top)
                yield Code(_without_password(_decoded(text)), _four(round(float(side) * frame.scale) for side in sides))


def _decoded(content: bytes) -> str:
    try:
        return content.decode("utf-8").strip()
    except UnicodeDecodeError:
        return content.decode("latin-1").strip()


_WIFI = re.compile(r"wifi:", re.IGNORECASE)
_PASSWORD = re.compile(r"(?<=[:;])P:(?:\\.|[^;\\])+", re.IGNORECASE | re.DOTALL)


def _without_password(text: str) -> str:
    return _PASSWORD.sub(f"P:{HIDDEN}", text) if _WIFI.match(text) else text


def _overlap(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    """Does either hold the middle of the other?"""
    return _holds_middle(one, other) or _holds_middle(other, one)


def _holds_middle(one: tuple[int, int, int, int], other: tuple[int, int, int, int]) -> bool:
    across, down = other[0] + other[2] / 2 - one[0], other[1] + other[3] / 2 - one[1]
    return 0 <= across <= one[2] and 0 <= down <= one[3]
