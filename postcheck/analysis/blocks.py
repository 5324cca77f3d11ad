"""The Exif and XMP blocks of a picture file: where each lies, and the file with another in its place.

Read byte by byte and not by a library, since what is taken out must leave every other byte as it is.
"""

from __future__ import annotations

import io
import re
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from postcheck.analysis.exif import BrokenExif, Exif

EXIF, XMP, TEXT, VIDEO = "Exif", "XMP", "text", "video"
"""The kinds of blocks, as people call them. A text has its name before it, up to a zero byte; a video is a motion
photo's."""

_MOST_UNPACKED = 20_000_000
_MOST_PICTURES = 64
"""In one JPEG: phones put a second one, or a depth map, behind the first."""


class BrokenFile(Exception):
    """It cannot be told whether every block was seen."""


@dataclass(frozen=True, slots=True)
class Block:
    kind: str
    data: bytes
    put: Callable[[bytes], bytes | None]
    """The whole file with these bytes, as many as before, in place of the block; None where that cannot be done."""


def blocks(content: bytes) -> Iterator[Block]:
    """Every block in the file, those inside other blocks after them.

    Raises:
        BrokenFile: see there.
    """
    if content.startswith(b"\xff\xd8"):
        found = _of_jpeg(content)
    elif content.startswith(_PNG):
        found = _of_png(content)
    elif content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        found = _of_webp(content)
    elif content.startswith((b"II*\0", b"MM\0*")):
        found = iter([_piece(EXIF, content, [(0, len(content))])])
    elif content.startswith((b"II+\0", b"MM\0+")):
        raise BrokenFile  # BigTIFF
    elif content.startswith(b"GIF8") or content[4:8] == b"ftyp":
        found = _told_by_pillow(content)
    else:
        found = iter(())  # BMP holds neither
    for block in found:
        yield block
        if block.kind == EXIF:
            yield from _inside(block)


def _inside(block: Block) -> Iterator[Block]:
    """The XMP packets in an Exif block, which in a TIFF is where they belong."""
    try:
        packets = list(dict.fromkeys(Exif(block.data).packets()))
    except BrokenExif:
        return  # who reads the block will say so
    for start, end in packets:
        yield _part(block, start, end)


def _part(block: Block, start: int, end: int) -> Block:
    return Block(XMP, block.data[start:end], lambda new: block.put(block.data[:start] + new + block.data[end:]))


def _piece(kind: str, content: bytes, spans: list[tuple[int, int]]) -> Block:
    """A block that stands in the file as it is, in one piece or several."""

    def put(new: bytes) -> bytes:
        changed, position = bytearray(content), 0
        for start, end in spans:
            changed[start:end] = new[position : position + end - start]
            position += end - start
        return bytes(changed)

    return Block(kind, b"".join(content[start:end] for start, end in spans), put)


# ----------------------------------------------------------------------------------------------- JPEG

_JPEG_EXIF = b"Exif\0\0"
_JPEG_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_JPEG_MORE_XMP = b"http://ns.adobe.com/xmp/extension/\0"
_MORE_XMP_HEAD = len(_JPEG_MORE_XMP) + 32 + 4 + 4  # its digest, the length of the whole, the place of this part


def _of_jpeg(content: bytes) -> Iterator[Block]:
    video = content.find(b"ftyp", len(_JPEG_EXIF))
    if video > 0:
        yield _piece(VIDEO, content, [(video, len(content))])
    at = 0
    for _ in range(_MOST_PICTURES):
        segments = list(_segments(content, at))
        yield from _jpeg_blocks(content, segments)
        # Between the pixels FF D8 FF cannot stand: there FF is followed by 00, or by a mark of another kind.
        at = content.find(b"\xff\xd8\xff", segments[-1][1] if segments else at + 2)
        if at < 0:
            return
    raise BrokenFile


def _segments(content: bytes, at: int) -> Iterator[tuple[int, int]]:
    """The APP1 segments before the pixels of the picture that begins at `at`, their content; and last, where the others
    end, of no length."""
    at += 2
    while content[at : at + 1] == b"\xff" and at + 4 <= len(content):
        mark = content[at + 1]
        if mark == 0xFF:  # padding
            at += 1
        elif mark in (0xDA, 0xD9):  # the pixels, the end
            break
        elif mark == 0x01 or 0xD0 <= mark <= 0xD8:  # marks without content
            at += 2
        else:
            end = at + 2 + int.from_bytes(content[at + 2 : at + 4], "big")
            if mark == 0xE1:
                yield at + 4, min(end, len(content))
            at = max(end, at + 2)
    yield at, at


_MARK = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
"""Between the pixels FF is followed by 00, or by the number of a restart."""


def scans(content: bytes, most: int) -> int:
    """How often the first picture of a JPEG paints over itself; counted up to `most`. What stands behind its end, such
    as the video of a motion photo, is none of it."""
    at, count = 2, 0
    while count < most and (match := _MARK.search(content, at)):
        mark, at = match[0][1], match.end()
        if mark == 0xD9:  # the end
            break
        count += mark == 0xDA
        if mark not in (0x01, 0xD8):  # marks without content
            at += int.from_bytes(content[at : at + 2], "big")
    return count


def _jpeg_blocks(content: bytes, segments: list[tuple[int, int]]) -> Iterator[Block]:
    exif: list[list[tuple[int, int]]] = []
    more: dict[bytes, list[tuple[int, int, int]]] = {}
    for start, end in segments:
        if content.startswith(_JPEG_EXIF, start):
            inner = start + len(_JPEG_EXIF)
            goes_on = exif and content[inner : inner + 4] not in (b"II*\0", b"MM\0*")
            if goes_on:  # too long for one segment
                exif[-1].append((inner, end))
            else:
                exif.append([(inner, end)])
        elif content.startswith(_JPEG_XMP, start):
            yield _piece(XMP, content, [(start + len(_JPEG_XMP), end)])
        elif content.startswith(_JPEG_MORE_XMP, start) and end - start >= _MORE_XMP_HEAD:
            inner = start + _MORE_XMP_HEAD
            place = int.from_bytes(content[inner - 4 : inner], "big")
            more.setdefault(content[inner - 40 : inner - 8], []).append((place, inner, end))
    for spans in exif:
        yield _piece(EXIF, content, spans)
    for parts in more.values():
        yield _piece(XMP, content, [(start, end) for _, start, end in sorted(parts)])


# ------------------------------------------------------------------------------------------------ PNG

_PNG = b"\x89PNG\r\n\x1a\n"
_PROFILE = re.compile(rb"Raw profile type (exif|xmp|APP1)\0", re.IGNORECASE)
_PROFILE_HEAD = re.compile(rb"\s*\S+\s+\d+\s")
_HEX = re.compile(rb"[0-9A-Fa-f]")


def _of_png(content: bytes) -> Iterator[Block]:
    at = len(_PNG)
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        kind, payload = content[at + 4 : at + 8], content[at + 8 : at + 8 + length]
        end = at + 12 + length
        if kind == b"IEND" or end > len(content):
            return
        if kind in (b"eXIf", b"iTXt", b"zTXt", b"tEXt"):
            yield from _png_chunk(kind, payload, _chunk_putter(content, at, end, kind))
        at = end


def _chunk_putter(content: bytes, at: int, end: int, kind: bytes) -> Callable[[bytes], bytes]:
    def put(payload: bytes) -> bytes:
        chunk = struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))
        return content[:at] + chunk + content[end:]

    return put


def _png_chunk(kind: bytes, payload: bytes, put: Callable[[bytes], bytes]) -> Iterator[Block]:
    if kind == b"eXIf":
        yield Block(EXIF, payload, put)
        return
    profile = _PROFILE.match(payload)
    if not profile and kind == b"tEXt":  # only short ones: others write what they hold packed
        yield Block(TEXT, payload, put)
    if not profile and not (kind == b"iTXt" and payload.startswith(b"XML:com.adobe.xmp\0")):
        return
    name_end = payload.index(b"\0") + 1
    if kind == b"tEXt":
        head, packed = payload[:name_end], False
    elif kind == b"zTXt":
        head, packed = payload[: name_end + 1], True
    else:  # whether it is packed, and how; the language; the name in that language
        rest = payload.split(b"\0", 1)[1]
        parts = rest[2:].split(b"\0", 2)
        if len(parts) < 3:
            raise BrokenFile
        head, packed = payload[: len(payload) - len(parts[2])], rest[:1] == b"\1"
    text = _unpacked(payload[len(head) :]) if packed else payload[len(head) :]

    def put_text(new: bytes) -> bytes:
        return put(head + (zlib.compress(new, 9) if packed else new))

    if not profile:
        yield Block(XMP, text, put_text)
    else:
        yield from _profile(text, put_text)


def _unpacked(data: bytes) -> bytes:
    reader = zlib.decompressobj()
    try:
        text = reader.decompress(data, _MOST_UNPACKED)
    except zlib.error:
        raise BrokenFile from None
    if not reader.eof:
        raise BrokenFile
    return text


def _profile(text: bytes, put: Callable[[bytes], bytes]) -> Iterator[Block]:
    """Exif or XMP as ImageMagick writes it: its name, its length, and then its bytes in hexadecimal."""
    head = _PROFILE_HEAD.match(text)
    begin = head.end() if head else 0
    digits = b"".join(_HEX.findall(text, begin))
    if head is None or len(digits) % 2:
        raise BrokenFile
    data = bytes.fromhex(digits.decode())
    inner = len(_JPEG_XMP) if data.startswith(_JPEG_XMP) else 0
    # Other APP1 segments hold neither.
    is_exif = data.startswith((_JPEG_EXIF, b"II*\0", b"MM\0*"))
    if not is_exif and not data[inner:].lstrip(b"\xef\xbb\xbf\0 \r\n\t").startswith(b"<"):
        return

    def put_profile(new: bytes) -> bytes:
        new_digits = iter((data[:inner] + new).hex().encode())
        return put(text[:begin] + _HEX.sub(lambda _: bytes([next(new_digits)]), text[begin:]))

    yield Block(EXIF if is_exif else XMP, data[inner:], put_profile)


# ----------------------------------------------------------------------------------------------- WebP


def _of_webp(content: bytes) -> Iterator[Block]:
    at = 12
    while at + 8 <= len(content):
        length = int.from_bytes(content[at + 4 : at + 8], "little")
        span = (at + 8, min(at + 8 + length, len(content)))
        kind = {b"EXIF": EXIF, b"XMP ": XMP}.get(content[at : at + 4])
        if kind:
            yield _piece(kind, content, [span])
        at += 8 + length + length % 2


# ------------------------------------------------------------------------------------------ GIF, AVIF


def _told_by_pillow(content: bytes) -> Iterator[Block]:
    """Pillow reads the blocks; each is looked for in the file, in which it stands as it is."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=["GIF", "AVIF"]) as image:
            told = [(EXIF, image.info.get("exif")), (XMP, image.info.get("xmp"))]
    except Exception:
        raise BrokenFile from None
    for kind, data in told:
        if isinstance(data, bytes) and data:
            at = content.find(data) if content.count(data) == 1 else -1
            yield _piece(kind, content, [(at, at + len(data))]) if at >= 0 else Block(kind, data, lambda _: None)
