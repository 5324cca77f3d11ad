"""Files that are not pictures: is one what its name says, and is it whole? Read from the first bytes and the sizes
that the container states of itself; nothing is decoded."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

FORMATS_BY_SUFFIX = {
    ".mp4": "MP4", ".m4v": "MP4", ".mov": "MP4", ".3gp": "MP4", ".webm": "Matroska", ".mkv": "Matroska",
    ".avi": "AVI",
}  # fmt: skip
"""QuickTime, MP4 and 3GP are one family of boxes (ISO/IEC 14496-12); WebM is Matroska."""

_TEXT_SUFFIXES = (".vtt", ".srt", ".sbv", ".ttml", ".dfxp")
_PDF_TAIL = 2048
_MOST_BOXES = 1_000_000
"""A fragmented video of a day has fewer."""


def media_fault(path: Path) -> str:
    """ "" where nothing is wrong; else empty, truncated, not-what-it-says, not-utf-8, or unknown-kind where postcheck
    cannot judge such a file.

    Raises:
        OSError: the file cannot be opened.
    """
    suffix = path.suffix.lower()
    size = path.stat().st_size
    if size == 0:
        return "empty"
    with path.open("rb") as file:
        if suffix in FORMATS_BY_SUFFIX:
            return _container_fault(file, size, FORMATS_BY_SUFFIX[suffix])
        if suffix in _TEXT_SUFFIXES:
            return _captions_fault(file)
        if suffix == ".pdf":
            return _pdf_fault(file, size)
    return "unknown-kind"


def _container_fault(file: BinaryIO, size: int, wanted: str) -> str:
    head = file.read(16)
    file.seek(0)
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return _boxes_fault(file, size) if wanted == "MP4" else "not-what-it-says"
    if head.startswith(b"\x1aE\xdf\xa3"):
        return _matroska_fault(file, size) if wanted == "Matroska" else "not-what-it-says"
    if head.startswith(b"RIFF") and head[8:12] == b"AVI ":
        stated = int.from_bytes(head[4:8], "little") + 8
        if wanted != "AVI":
            return "not-what-it-says"
        file.seek(12)
        return "truncated" if stated > size or b"hdrl" not in file.read(256) else ""
    return "not-what-it-says"


def _boxes_fault(file: BinaryIO, size: int) -> str:
    """The boxes at the top must fill the file, and among them must be `moov` and `mdat`, without which nothing plays.
    A few stray bytes after the last box do no harm."""
    position, kinds = 0, set()
    for _ in range(_MOST_BOXES):
        file.seek(position)
        header = file.read(16)
        if len(header) < 8:
            break
        length, kind = int.from_bytes(header[:4], "big"), header[4:8]
        if length == 1:
            length = int.from_bytes(header[8:16], "big")
        elif length == 0:  # to the end of the file
            length = size - position
        if length < 8:
            return "truncated"
        if length > 8:  # an empty box holds nothing that could be played
            kinds.add(kind)
        position += length
    else:
        return "unknown-kind"
    return "" if {b"moov", b"mdat"} <= kinds and position <= size else "truncated"


_SEGMENT = 0x18538067


def _matroska_fault(file: BinaryIO, size: int) -> str:
    """The segment states its length, unless it was streamed (RFC 8794, unknown-sized elements)."""
    position, has_segment = 0, False
    for _ in range(_MOST_BOXES):
        if position >= size:
            break
        file.seek(position)
        element, id_length = _variable_integer(file, keep_marker=True)
        length, length_length = _variable_integer(file, keep_marker=False)
        if not id_length or not length_length:
            return "truncated"
        has_segment = has_segment or (element == _SEGMENT and length > 0)
        if element == _SEGMENT and length == (1 << 7 * length_length) - 1:
            return "" if position + id_length + length_length < size else "truncated"
        position += id_length + length_length + length
    return "" if has_segment and position == size else "truncated"


def _variable_integer(file: BinaryIO, *, keep_marker: bool) -> tuple[int, int]:
    """An EBML integer and its length in bytes; (0, 0) at the end of the file."""
    first = file.read(1)
    if not first or first == b"\0":
        return 0, 0
    length = 9 - first[0].bit_length()
    value = first[0] if keep_marker else first[0] & ((1 << (8 - length)) - 1)
    rest = file.read(length - 1)
    return (int.from_bytes(bytes([value]) + rest, "big"), length) if len(rest) == length - 1 else (0, 0)


def _captions_fault(file: BinaryIO) -> str:
    """What is wrong inside is for the checks of captions to say, with its place."""
    content = file.read(20_000_000)
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:2]:
        return "not-utf-8"
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return "not-utf-8"
    return "" if text.strip() else "empty"


def _pdf_fault(file: BinaryIO, size: int) -> str:
    if b"%PDF-" not in file.read(1024):
        return "not-what-it-says"
    file.seek(max(size - _PDF_TAIL, 0))
    return "" if b"%%EOF" in file.read() else "truncated"
