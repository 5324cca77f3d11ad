"""What a picture looks like to a reader: upright, in sRGB, on the ground it will stand on, at the size it is shown."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

MOST_SIDE = 2048
"""Pixels of the longer side. Platforms show no more, and measuring costs as many times more as there are more."""
_MOST_FRAMES = 4
"""Of an animation, evenly spaced."""
_SAME = 3
"""Frames that differ by less than this, of 255, in every block of 16 by 16 pixels are one."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One look of a picture."""

    pixels: Any
    """A Pillow image in mode RGB."""
    scale: float
    """Pixels of the file to one of these."""
    on: str = ""
    """A picture that lets the ground through is seen on `white` and on `black`."""
    number: int = 0
    """Of the frame in an animation, from 0."""


def views(image: Any) -> Iterator[Frame]:
    """The looks of an opened Pillow image.

    Raises:
        OSError: a frame cannot be decoded.
    """
    last: Any = None
    count = getattr(image, "n_frames", 1) if image.format in ("GIF", "PNG", "WEBP", "AVIF") else 1
    step = max(1, (count - 1) / (_MOST_FRAMES - 1)) if count > 1 else 1
    for number in sorted({min(round(index * step), count - 1) for index in range(_MOST_FRAMES)}):
        if number:
            image.seek(number)
        for on, look in _on_grounds(_upright(image)):
            stored = max(look.size)
            look.thumbnail((MOST_SIDE, MOST_SIDE), reducing_gap=2.0)
            if number and not on and last is not None and _alike(last, look):
                continue
            last = look
            yield Frame(look, stored / max(look.size), on, number)


def _upright(image: Any) -> Any:
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # whatever is wrong with its Exif, the picture can be seen
        return image.copy()


def _on_grounds(image: Any) -> Iterator[tuple[str, Any]]:
    from PIL import Image

    if not image.has_transparency_data or image.mode.startswith(("I", "F")):
        yield "", _in_srgb(image)
        return
    # Palettes and colors that are named transparent become a channel of their own.
    image = image if image.mode in ("RGBA", "LA", "PA") else image.convert("RGBA")
    alpha = image.getchannel("A")
    if alpha.getextrema()[0] == 255:
        yield "", _in_srgb(image)
        return
    look = _in_srgb(image)
    for on in ("white", "black"):
        ground = Image.new("RGB", look.size, on)
        ground.paste(look, mask=alpha)
        yield on, ground


def _in_srgb(image: Any) -> Any:
    """In 8 bits of sRGB, by the picture's color profile where it has one that can be used."""
    from PIL import Image

    if image.mode.startswith(("I", "F")):  # 16 bits of grey, of which Pillow would keep the lower 8 or cut off the rest
        low, high = image.getextrema()
        most = 65535 if high > 255 else 255 if high > 1 else 1
        image = image.point(lambda value: value * (255 / most)).convert("L") if high > low else image.convert("L")
    profile = image.info.get("icc_profile")
    if profile and image.mode in ("RGB", "RGBA", "CMYK", "L"):
        from PIL import ImageCms

        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            opaque = image.convert("RGB") if image.mode == "RGBA" else image
            made = ImageCms.profileToProfile(
                opaque, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB"), outputMode="RGB"
            )
            if isinstance(made, Image.Image):
                return made
    return image.convert("RGB")


def _alike(one: Any, other: Any) -> bool:
    from PIL import ImageChops

    if one.size != other.size:
        return False
    blocks = ImageChops.difference(one, other).reduce(16)
    extrema: Any = blocks.getextrema()  # a pair for each of red, green and blue
    return all(high < _SAME for _, high in extrema)
