"""A picture as a platform takes it: the very same bytes where it takes them; else a JPEG with the same metadata."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from postcheck.analysis.image import FORMATS_BY_SUFFIX, ImageFacts, image_facts
from postcheck.analysis.traces import stored_place, without_place
from postcheck.detectors.files import human_size
from postcheck.messages import say
from postcheck.model import Platform

_QUALITIES = (92, 88, 84, 80)
"""Of Pillow's JPEG, best first. Below 80 the edges of words grow a fringe."""
_STEP = 0.9
"""Of the sides, where quality alone does not make it small enough."""
_LEAST_SIDE = 1080
"""Pixels of the longer side, which platforms show. A picture is not made smaller than that."""
_OPENED = sorted({name for names in FORMATS_BY_SUFFIX.values() for name in names} - {"MPO"})
_MOST_OF_A_SEGMENT = 65_533


@dataclass(frozen=True, slots=True)
class Fitted:
    content: bytes
    suffix: str
    """Of its file; that of the original where it was not made anew."""
    changes: tuple[str, ...] = ()
    """What was done to it, for a person."""
    left: tuple[str, ...] = ()
    """What a person must do, since it could not be done."""


def fitted(path: Path, platform: Platform, only: Iterable[str] = (), *, without_its_place: bool) -> Fitted:
    """
    Args:
        only: The formats that the publishing tool takes, by Pillow's names; none where it takes any.
        without_its_place: Take out where it was taken, as `--fix` does.

    Raises:
        OSError: it cannot be read.
    """
    content, changes = path.read_bytes(), list[str]()
    if without_its_place:
        cleaned = without_place(content)
        if cleaned is None:
            return Fitted(content, path.suffix, (), (say("Take out of its metadata where it was taken."),))
        if cleaned != content:
            content = cleaned
            changes.append(say("Its metadata no longer tell where it was taken."))
    facts = image_facts(path)
    formats, most = _taken(platform, tuple(only))
    wrong_format = bool(formats) and facts.format not in formats
    if facts.fault or not (wrong_format or (most and len(content) > most)):
        return Fitted(content, path.suffix, tuple(changes))
    made = None if formats and "JPEG" not in formats else _as_jpeg(content, facts, most)
    if made is None:
        wanted = say(
            "Save it as {formats}, {size} at most: postcheck cannot without losing something.",
            formats=", ".join(sorted(formats - {"MPO"}) or ["JPEG"]),
            size=human_size(most) if most else say("of any size"),
        )
        return Fitted(content, path.suffix, tuple(changes), (wanted,))
    if wrong_format:
        changes.append(say("Made a JPEG of {format}. Look at it before it is posted.", format=facts.format))
    else:
        changes.append(say("Made smaller, to {size}. Look at it before it is posted.", size=human_size(len(made))))
    return Fitted(made, ".jpg", tuple(changes))


def _taken(platform: Platform, only: tuple[str, ...]) -> tuple[set[str], int]:
    """Formats, none where all are taken; and bytes, 0 where no limit is known."""
    formats = set(only)
    for limit in platform.limits:
        if limit.what == "image-formats":
            formats = formats & set(limit.formats) if formats else set(limit.formats)
    sizes = [limit.most for limit in platform.limits if limit.what == "image-bytes"]
    return formats, min(sizes, default=0)


def _as_jpeg(content: bytes, facts: ImageFacts, most: int) -> bytes | None:
    """None where something would be lost: movement, transparency, depth, words of the metadata."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=_OPENED) as image:
            if getattr(image, "n_frames", 1) > 1 and image.format not in ("JPEG", "MPO"):
                return None
            image.load()
            metadata = _metadata(image)
            pixels = _opaque(image)
            if pixels is None or (image.format in ("TIFF", "AVIF") and image.getexif().get(0x0112, 1) != 1):
                return None
        while True:
            for quality in _QUALITIES:
                made = _saved(pixels, quality, metadata, content)
                if not most or len(made) <= most:
                    return made if _says_the_same(made, facts) else None
            side = max(pixels.size)
            if side * _STEP < _LEAST_SIDE:
                return None
            size = (max(round(pixels.width * _STEP), 1), max(round(pixels.height * _STEP), 1))
            pixels = pixels.resize(size, Image.Resampling.LANCZOS)
    except (OSError, ValueError, SyntaxError):  # a block too large for a JPEG, or one that cannot be read
        return None


def _opaque(image: Any) -> Any:
    """In colors that a JPEG holds; None where something can be seen through, or colors would be lost."""
    if image.mode in ("RGB", "L"):
        return image.copy()
    if image.mode not in ("P", "RGBA", "LA", "PA", "1"):
        return None
    if image.has_transparency_data and image.convert("RGBA").getextrema()[3][0] < 255:
        return None
    return image.convert("L" if image.mode in ("LA", "1") else "RGB")


def _metadata(image: Any) -> dict[str, Any]:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp") or b""
    told = {
        "exif": image.info.get("exif", b"") if image.format not in ("TIFF", "AVIF") else b"",
        "xmp": packet.encode() if isinstance(packet, str) else packet,
        "icc_profile": image.info.get("icc_profile"),
    }
    return {name: value for name, value in told.items() if value}


def _saved(pixels: Any, quality: int, metadata: dict[str, Any], original: bytes) -> bytes:
    buffer = io.BytesIO()
    pixels.info.clear()
    pixels.save(buffer, "JPEG", quality=quality, subsampling=0, **metadata)
    made = buffer.getvalue()
    return made[:2] + b"".join(_iptc(original)) + made[2:]


def _iptc(content: bytes) -> Iterable[bytes]:
    """The segments of a JPEG that hold IPTC-IIM, with their marks and lengths."""
    at = 2
    while content.startswith(b"\xff\xd8") and at + 4 <= len(content) and content[at] == 0xFF:
        mark, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if mark == 0xDA or length < 2:  # the picture itself begins
            return
        if mark == 0xED and length <= _MOST_OF_A_SEGMENT:
            yield content[at : at + 2 + length]
        at += 2 + length


def _says_the_same(made: bytes, facts: ImageFacts) -> bool:
    """Is it whole, does it stand upright in the same way, and say the same words?"""
    with tempfile.TemporaryDirectory(prefix="postcheck-") as folder:
        path = Path(folder) / "made.jpg"
        path.write_bytes(made)
        after, place = image_facts(path), stored_place(path)
    is_same = after.metadata == facts.metadata and after.turned == facts.turned and not after.fault
    return is_same and not place.unread
