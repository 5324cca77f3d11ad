"""What a picture's metadata tell of the place where it was taken, and of whose camera took it.

Only that something is told, and in which block: the words themselves are nobody's business, and are kept nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from postcheck.analysis.blocks import EXIF, TEXT, VIDEO, XMP, Block, BrokenFile, blocks
from postcheck.analysis.exif import BrokenExif, Exif
from postcheck.analysis.xmp import BrokenXmp, Property, blanked, properties

MAX_BYTES = 500_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """Whether the file says where it was taken."""

    blocks: tuple[str, ...] = ()
    """The kinds of the blocks that say so."""
    unread: tuple[str, ...] = ()
    """The kinds of those that cannot be read; `file` where it cannot be told which blocks there are."""
    removable: bool = False
    """Can `without_place` take it out?"""


def stored_place(path: Path) -> Place:
    """
    Raises:
        OSError: the file cannot be opened.
    """
    status = path.stat()
    return _stored_place(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=1024)
def _stored_place(path: Path, size: int, _modified: int) -> Place:
    if size > MAX_BYTES:
        return Place(unread=("file",))
    content = path.read_bytes()
    found, unread = _places(content)
    return Place(found, unread, bool(found) and without_place(content) is not None)


def _places(content: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The kinds of blocks that say where, and of those that cannot be read."""
    found, unread = _told_by_blocks(content, lambda block: {block.kind} if _says_where(block) else set())
    return tuple(sorted(found)), unread


def _told_by_blocks(content: bytes, told_by: Callable[[Block], set[str]]) -> tuple[set[str], tuple[str, ...]]:
    """What `told_by` gives of all blocks, and the kinds of those that cannot be read."""
    found: set[str] = set()
    unread: set[str] = set()
    try:
        for block in blocks(content):
            try:
                found |= told_by(block)
            except (BrokenExif, BrokenXmp):
                unread.add(block.kind)
    except BrokenFile:
        unread.add("file")
    return found, tuple(sorted(unread))


def without_place(content: bytes) -> bytes | None:
    """The file without the GPS directories of its Exif and the GPS properties of its XMP. Every other byte stays as it
    is, but for what PNG adds to check and pack a block. None where that cannot be done."""
    for _ in range(_MOST_BLOCKS):
        block = _first_that_says_where(content)
        if block is None:
            return content
        data = _without_gps(block)
        changed = block.put(data) if data is not None else None
        if changed is None or changed == content:
            return None
        content = changed
    return None


_MOST_BLOCKS = 64


def _first_that_says_where(content: bytes) -> Block | None:
    try:
        for block in blocks(content):
            try:
                if _says_where(block):
                    return block
            except (BrokenExif, BrokenXmp):
                continue  # it is told as unread, before and after
    except BrokenFile:
        pass
    return None


def _says_where(block: Block) -> bool:
    """
    Raises:
        BrokenExif, BrokenXmp: it cannot be told.
    """
    if block.kind == EXIF:
        return bool(block.data.strip(b"\0")) and Exif(block.data).has_place
    if block.kind == TEXT:
        return bool(_NAMED_PLACE.match(block.data))
    if block.kind == VIDEO:
        return bool(_ISO_6709.search(block.data))
    told = {one.name.casefold() for one in _gps(block.data) if re.search("[1-9]", one.value)}
    named = {one.name.casefold() for one in _gps(block.data) if one.value}
    return any(told & (latitude | longitude) and named & latitude and named & longitude for latitude, longitude in _XMP)


_NAMED_PLACE = re.compile(rb"(?:exif:)?GPS[ _]?(?:Dest)?(?:Latitude|Longitude)\0(?=[^\0]*[1-9])", re.IGNORECASE)
"""As ImageMagick names the entries of Exif in texts of a PNG."""
_ISO_6709 = re.compile(
    rb"(?P<before>\xa9xyz[\s\S]{4}|com\.apple\.quicktime\.location\.ISO6709[\s\S]{0,2000}?)"
    rb"(?P<place>[+-]\d\d(?:\.\d+)?[+-]\d{3}(?:\.\d+)?(?:[+-]\d+(?:\.\d+)?)?/)"
)
"""Where phones write the place into a video: user data, or Apple's metadata (QuickTime File Format)."""
_XMP = (
    ({"gpslatitude"}, {"gpslongitude", "gpslongtitude"}),  # the second as some drones write it
    ({"gpsdestlatitude"}, {"gpsdestlongitude"}),
)


def _gps(packet: bytes) -> list[Property]:
    """What stands in `LocationShown` was written by a person, of what is seen; it says nothing of the camera.

    Raises:
        BrokenXmp: it cannot be read, and might say where.
    """
    if b"gps" not in packet.replace(b"\0", b"").lower():
        return []
    return properties(packet, lambda name: name.casefold().startswith("gps"), outside="LocationShown")


def _without_gps(block: Block) -> bytes | None:
    try:
        if block.kind == EXIF:
            return Exif(block.data).without_gps()
        if block.kind == TEXT:
            name, _, text = block.data.partition(b"\0")
            return name + b"\0" + b" " * len(text)
        if block.kind == VIDEO:
            return _ISO_6709.sub(lambda match: match["before"] + b" " * len(match["place"]), block.data)
        return blanked(block.data, _gps(block.data))
    except (BrokenExif, BrokenXmp):
        return None


# ------------------------------------------------------------------------------------------- the camera

CAMERA, LENS, OWNER, PICTURE_ID, FOLDER = "camera", "lens", "owner", "picture-id", "folder"

_TAGS = {0xA431: CAMERA, 0xC62F: CAMERA, 0xA435: LENS, 0xA430: OWNER, 0xA420: PICTURE_ID}
"""Exif 2.32 and DNG: BodySerialNumber, CameraSerialNumber, LensSerialNumber, CameraOwnerName, ImageUniqueID."""
_NAMES = {
    "serialnumber": CAMERA, "bodyserialnumber": CAMERA, "cameraserialnumber": CAMERA, "lensserialnumber": LENS,
    "ownername": OWNER, "cameraownername": OWNER, "imageuniqueid": PICTURE_ID,
}  # fmt: skip
"""XMP properties of aux, exif and exifEX, in small letters."""
_HOME = re.compile(
    rb"(?:/Users/|/home/|[A-Z]:[\\/]{1,2}Users[\\/]{1,2})(?!(?:Shared|Public|Default)\b)[\w.%-][^/\\\0<>\"&\n]{0,60}[/\\]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Device:
    found: tuple[str, ...] = ()
    """CAMERA and the like, in that order."""
    unread: tuple[str, ...] = ()
    """As in `Place`."""


def device_data(path: Path) -> Device:
    """
    Raises:
        OSError: the file cannot be opened.
    """
    status = path.stat()
    return _device_data(path, status.st_size, status.st_mtime_ns)


@lru_cache(maxsize=1024)
def _device_data(path: Path, size: int, _modified: int) -> Device:
    if size > MAX_BYTES:
        return Device(unread=("file",))
    readers = {EXIF: _of_exif, XMP: _of_xmp, TEXT: _of_text}
    found, unread = _told_by_blocks(
        path.read_bytes(), lambda block: readers[block.kind](block.data) if block.kind in readers else set()
    )
    return Device(tuple(one for one in (CAMERA, LENS, OWNER, PICTURE_ID, FOLDER) if one in found), unread)


def _of_exif(data: bytes) -> set[str]:
    if not data.strip(b"\0"):
        return set()
    found = set()
    for tag, text in Exif(data).texts():
        if tag in _TAGS and text.strip(b"\0 0-"):
            found.add(_TAGS[tag])
        if _HOME.search(text):
            found.add(FOLDER)
    return found


def _of_text(text: bytes) -> set[str]:
    return {FOLDER} if _HOME.search(text) else set()


def _of_xmp(packet: bytes) -> set[str]:
    text = packet.replace(b"\0", b"")  # as good as UTF-8 also where it is in UTF-16
    found = {FOLDER} if _HOME.search(text) else set()
    if any(word in text.lower() for word in (b"serialnumber", b"ownername", b"uniqueid")):
        told = properties(packet, lambda name: name.casefold() in _NAMES)
        found |= {_NAMES[one.name.casefold()] for one in told if one.value.strip("0- ")}
    return found
