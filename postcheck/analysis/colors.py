"""Frames as they come from a decoder, and the red, green and blue of their points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Colors = tuple[Any, Any, Any]
"""Red, green and blue: arrays of one size, 8 bits."""


@dataclass(frozen=True, slots=True)
class Yuv:
    """Planes of a frame as most videos hold them, chroma at half the size; 8 bits."""

    luma: Any
    blue: Any
    red: Any
    matrix: str = "bt709"
    """Or bt601."""
    full_range: bool = False


Picture = Any
"""A `Yuv`, or an array of height by width by red, green and blue, 8 bits."""


def planes(frame: Any) -> Yuv:
    """Of a frame of PyAV, without copying where it has 8 bits and chroma at half the size."""
    import numpy as np

    if frame.format.name not in ("yuv420p", "yuvj420p"):
        frame = frame.reformat(format="yuv420p")
    luma, blue, red = (
        np.frombuffer(plane, np.uint8).reshape(plane.height, plane.line_size)[:, : plane.width]
        for plane in frame.planes
    )
    # 5, 6: BT.470 and SMPTE 170M; 2 is not said: small pictures are taken for BT.601, as players do.
    matrix = "bt601" if frame.colorspace in (5, 6) or (frame.colorspace == 2 and frame.height < 720) else "bt709"
    return Yuv(luma, blue, red, matrix, frame.format.name == "yuvj420p" or frame.color_range == 2)


def smaller(picture: Picture, times: int) -> Picture:
    """A copy, each `times` by `times` pixels become one."""
    if isinstance(picture, Yuv):
        luma, blue, red = (_smaller(plane, times) for plane in (picture.luma, picture.blue, picture.red))
        return Yuv(luma, blue, red, picture.matrix, picture.full_range)
    return _smaller(picture, times)


def _smaller(plane: Any, times: int) -> Any:
    import cv2
    import numpy as np

    if times == 1:
        return np.array(plane)
    size = -(-plane.shape[1] // times), -(-plane.shape[0] // times)
    return cv2.resize(plane, size, interpolation=cv2.INTER_AREA)


def colors(picture: Picture) -> Colors:
    """Of every point."""
    import cv2
    import numpy as np

    if not isinstance(picture, Yuv):
        red, green, blue = cv2.split(np.ascontiguousarray(picture))
        return red, green, blue
    height, width = picture.luma.shape
    blue, red = (
        np.ascontiguousarray(
            cv2.resize(plane, (plane.shape[1] * 2, plane.shape[0] * 2), interpolation=cv2.INTER_NEAREST)[
                :height, :width
            ]
        )
        for plane in (picture.blue, picture.red)
    )
    return _to_rgb(np.ascontiguousarray(picture.luma), blue, red, picture.matrix, picture.full_range)


@dataclass(frozen=True, slots=True)
class Points:
    """Every so many points of a frame, across and down: planes of one size, or red, green and blue."""

    planes: Colors
    coding: tuple[str, bool] | None
    """`matrix` and `full_range` of the `Yuv` of which they are luma, blue and red; None where they are colors."""

    def colors(self) -> Colors:
        return _to_rgb(*self.planes, *self.coding) if self.coding else self.planes


def points(picture: Picture, times: int, stride: int) -> Points:
    """About those of `smaller(picture, times)`, every `stride` across and down, without making the rest of it. Of
    chroma one value stands for those about it."""
    import cv2
    import numpy as np

    if not isinstance(picture, Yuv):
        red, green, blue = cv2.split(np.ascontiguousarray(_smaller(picture, times)[::stride, ::stride]))
        return Points((red, green, blue), None)
    step = times * stride
    luma = _means(picture.luma, times, step)
    half = [
        np.minimum(np.arange(count) * step // 2, side - 1)
        for count, side in zip(luma.shape, picture.blue.shape, strict=True)
    ]
    blue, red = (plane[half[0]][:, half[1]] for plane in (picture.blue, picture.red))
    sampled = (luma, np.ascontiguousarray(blue), np.ascontiguousarray(red))
    return Points(sampled, (picture.matrix, picture.full_range))


def _means(plane: Any, times: int, step: int) -> Any:
    """At every `step` of the values on the diagonal of a square of `times` by `times`: their noise is less than that of
    one, and they are had in a part of the time that all take."""
    import numpy as np

    if times == 1:
        return np.ascontiguousarray(plane[::step, ::step])
    total = plane[::step, ::step].astype(np.uint16)
    for number in range(1, times):
        part = plane[number::step, number::step]
        beyond = [(0, side - its) for side, its in zip(total.shape, part.shape, strict=True)]
        total += np.pad(part, beyond, mode="edge") if part.shape != total.shape else part
    return ((total + times // 2) // times).astype(np.uint8)


_WEIGHTS = {"bt709": (0.2126, 0.0722), "bt601": (0.299, 0.114)}
"""Of red and blue in luma (ITU-R BT.709 and BT.601)."""
_tables: dict[tuple[str, bool], tuple[Any, ...]] = {}


def _to_rgb(luma: Any, blue: Any, red: Any, matrix: str, full_range: bool) -> Colors:
    import cv2
    import numpy as np

    of_luma, red_of_red, green_of_red, green_of_blue, blue_of_blue = _yuv_tables(matrix, full_range)
    base = cv2.LUT(luma, of_luma)
    of_green = cv2.add(cv2.LUT(red, green_of_red), cv2.LUT(blue, green_of_blue))
    made_red, made_green, made_blue = (
        cv2.convertScaleAbs(np.maximum(cv2.add(base, part), 0))  # rounds, and holds to 255
        for part in (cv2.LUT(red, red_of_red), of_green, cv2.LUT(blue, blue_of_blue))
    )
    return made_red, made_green, made_blue


def _yuv_tables(matrix: str, full_range: bool) -> tuple[Any, ...]:
    import numpy as np

    if (matrix, full_range) not in _tables:
        of_red, of_blue = _WEIGHTS[matrix]
        of_green = 1 - of_red - of_blue
        value = np.arange(256.0)
        luma = value if full_range else (value - 16) * (255 / 219)
        chroma = (value - 128) * (1 if full_range else 255 / 224)
        tables = (
            luma,
            chroma * 2 * (1 - of_red),
            chroma * -2 * (1 - of_red) * of_red / of_green,
            chroma * -2 * (1 - of_blue) * of_blue / of_green,
            chroma * 2 * (1 - of_blue),
        )
        _tables[matrix, full_range] = tuple(table.astype(np.float32) for table in tables)
    return _tables[matrix, full_range]
