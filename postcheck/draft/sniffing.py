"""What a file is by its content, whatever it is called: a picture, a video, captions, or a PDF.

Only what postcheck reads is told. Web pages, SVG and scripts are none of these by whatever name they come, so a page
that shows uploaded files shows none of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from postcheck.analysis.captions import FORMATS, MOST_BYTES, TITLES, format_of
from postcheck.analysis.image import FORMATS_BY_SUFFIX as PICTURES
from postcheck.analysis.image import first_facts
from postcheck.analysis.media import media_fault
from postcheck.messages import mark, say

What = Literal["picture", "video", "captions", "pdf"]

_HEAD = 4096
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_PICTURE_BRANDS = (b"avif", b"avis", b"heic", b"heix", b"mif1", b"hevc", b"heim", b"heis", b"msf1")
_BRANDS = {b"qt": (".mov",), b"M4V": (".m4v", ".mp4")}
"""The major brand of the first box (ISO/IEC 14496-12, 4.3), and the endings of such a file."""
_MP4 = (".mp4", ".m4v")
_SRT = re.compile(r"\s*(?:\d+[ \t]*(?:\r\n|\r|\n))?[ \t]*\d+:\d\d:\d\d[,.]\d{1,3}[ \t]*-->", re.ASCII)
_TTML = re.compile(r"\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:\w+:)?tt[\s>/]", re.DOTALL)
_NOT_IN_TTML = re.compile(r"<!DOCTYPE|<!ENTITY|xml-stylesheet|w3\.org/1999/xhtml|w3\.org/2000/svg", re.IGNORECASE)
"""With these a browser would make a web page of it."""
_PDF_FORMAT = (".pdf",)

_FAULTS = {
    "empty": mark("{name} is empty."),
    "truncated": mark("{name} breaks off before its end: upload it again."),
    "too-much": mark("{name} would take too much memory to show: make it smaller."),
    "heif": mark("{name} is a HEIC picture, which few programs show: save it as a JPEG."),
    "svg": mark("{name} is an SVG drawing, which can hold programs: save it as a PNG."),
}


class Unknown(Exception):
    """It is nothing that a draft takes, or it is damaged; the message is for a person."""


@dataclass(frozen=True, slots=True)
class Sniffed:
    what: What
    title: str
    """Such as JPEG or WebVTT."""
    endings: tuple[str, ...]
    """That such a file may have; the first is the usual one."""


def sniffed(path: Path, name: str) -> Sniffed:
    """What the file at `path`, which is to be called `name`, is.

    Raises:
        Unknown: see there.
        OSError: it cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        raise _faulty(name, "empty")
    if head.startswith(b"%PDF-"):
        return _whole(path, name, Sniffed("pdf", "PDF", _PDF_FORMAT))
    if head[4:8] in _BOXES and head[8:12] not in _PICTURE_BRANDS:
        return _whole(path, name, Sniffed("video", "MP4", _endings_of_boxes(head)))
    if head.startswith(b"\x1aE\xdf\xa3"):
        is_webm = b"webm" in head[:64]
        return _whole(path, name, Sniffed("video", "Matroska", (".webm",) if is_webm else (".mkv",)))
    return _captions(path, name) or _picture(path, name)


def _endings_of_boxes(head: bytes) -> tuple[str, ...]:
    if head[4:8] != b"ftyp":  # older than the box that tells the brand
        return (".mov",)
    brand = head[8:12].rstrip()
    return (".3gp", ".mp4") if brand.startswith(b"3gp") else _BRANDS.get(brand, _MP4)


def _whole(path: Path, name: str, found: Sniffed) -> Sniffed:
    """`media_fault` goes by the ending, so the file gets it while it is looked at."""
    named = path.with_name(f"{path.name}{found.endings[0]}")
    path.rename(named)
    try:
        fault = media_fault(named)
    finally:
        named.rename(path)
    if fault:
        raise _faulty(name, "truncated")
    return found


def _picture(path: Path, name: str) -> Sniffed:
    facts = first_facts(path)
    endings = tuple(ending for ending, formats in PICTURES.items() if facts.format in formats)
    if facts.fault or not endings:
        raise _faulty(name, facts.fault)
    usual = {"JPEG": ".jpg", "MPO": ".jpg", "TIFF": ".tif"}.get(facts.format, endings[0])
    return Sniffed("picture", facts.format, (usual, *(one for one in endings if one != usual)))


def _captions(path: Path, name: str) -> Sniffed | None:
    if path.stat().st_size > MOST_BYTES:
        return None
    try:
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None
    if "\0" in text:
        return None
    text = text.removeprefix("\ufeff")
    found = format_of(text)
    begins_so = {"srt": _SRT.match(text), "ttml": _TTML.match(text) and not _NOT_IN_TTML.search(text)}
    if not found or not begins_so.get(found, True):
        return None
    return Sniffed("captions", TITLES[found], tuple(ending for ending in FORMATS if FORMATS[ending] == found))


def _faulty(name: str, fault: str) -> Unknown:
    message = _FAULTS.get(fault)
    if message:
        return Unknown(say(message, name=name))
    return Unknown(
        say(
            "{name} is no picture (JPEG, PNG, GIF, WebP, AVIF, TIFF, BMP), no video (MP4, MOV, WebM), no captions file "
            "in UTF-8 (.vtt, .srt, .sbv, .ttml) and no PDF, whatever its name says.",
            name=name,
        )
    )
