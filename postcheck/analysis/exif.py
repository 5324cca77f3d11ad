"""The directories of an Exif block (TIFF 6.0, Exif 2.32), read as what they are: bytes of a stranger.

Offsets may lead anywhere, in a circle or beyond the block; counts may be huge. Nothing is read but what is there, and
no more of it than `MOST_ENTRIES`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import Literal

IMAGE, EXIF, GPS, INTEROPERABILITY = "image", "Exif", "GPS", "interoperability"
"""The kinds of directories."""

_POINTERS = {0x014A: IMAGE, 0x8769: EXIF, 0x8825: GPS, 0xA005: INTEROPERABILITY}
"""Of each tag that leads to directories, what it leads to. 0x014A (SubIFDs) may lead to several."""
_GPS_POINTER = 0x8825
_XMP = 0x02BC
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4}
"""Bytes of a value by its type. Of an unknown type the value is taken to stand in the entry itself."""
_RATIONALS = (5, 10)
_TEXT = 2
_WHOLE_NUMBERS = (1, 3, 4, 13)

_PLACES = ((0x0002, 0x0004), (0x0014, 0x0016))
"""In a GPS directory: latitude and longitude of the camera, and of what it was pointed at."""
_PICTURES = ((0x0111, 0x0117), (0x0144, 0x0145), (0x0201, 0x0202))
"""Tags that say where pixels begin, and how many bytes they take: strips, tiles, a thumbnail in JPEG."""

MOST_ENTRIES = 50_000
"""A real picture has hundreds."""


class BrokenExif(Exception):
    """It cannot be told what the block says."""


@dataclass(frozen=True, slots=True)
class Entry:
    """`at` is where its 12 bytes begin; start and end are those of its value, which may lie beyond the block."""

    tag: int
    type: int
    count: int
    at: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Directory:
    kind: str
    at: int
    entries: tuple[Entry, ...]

    @property
    def end(self) -> int:
        """Of its entries; the place of the next directory, four bytes, follows in those of kind IMAGE."""
        return self.at + 2 + 12 * len(self.entries)

    def entry(self, tag: int) -> Entry | None:
        return next((entry for entry in self.entries if entry.tag == tag), None)


class Exif:
    """One block.

    Raises:
        BrokenExif: it does not begin as a TIFF file does, or holds too much.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.base = 6 if data.startswith(b"Exif\0\0") else 0  # where PNG and WebP files forget that it does not belong
        head = data[self.base : self.base + 4]
        if head not in (b"II*\0", b"MM\0*"):
            raise BrokenExif
        self.order: Literal["little", "big"] = "little" if head.startswith(b"I") else "big"
        self.directories = tuple(self._walk())

    def number(self, at: int, size: int) -> int:
        return int.from_bytes(self.data[at : at + size], self.order)

    def _walk(self) -> Iterator[Directory]:
        waiting = [(self.base + self.number(self.base + 4, 4), IMAGE)]
        seen: set[tuple[int, str]] = set()
        left = MOST_ENTRIES
        while waiting:
            at, kind = waiting.pop()
            if (at, kind) in seen or not self.base + 8 <= at <= len(self.data) - 2:
                continue
            seen.add((at, kind))
            count = min(self.number(at, 2), (len(self.data) - at - 2) // 12)
            left -= count + 1
            if left < 0:
                raise BrokenExif
            directory = Directory(kind, at, tuple(self._entry(at + 2 + 12 * number) for number in range(count)))
            yield directory
            if kind == IMAGE and directory.end + 4 <= len(self.data):
                waiting.append((self.base + self.number(directory.end, 4), IMAGE))
            for entry in directory.entries if kind != GPS else ():
                if entry.tag in _POINTERS:
                    left -= entry.count
                    if left < 0:
                        raise BrokenExif
                    waiting += [(self.base + offset, _POINTERS[entry.tag]) for offset in self._numbers(entry)]

    def _entry(self, at: int) -> Entry:
        tag, type_, count = self.number(at, 2), self.number(at + 2, 2), self.number(at + 4, 4)
        size = count * _SIZES.get(type_, 0)
        start = at + 8 if size <= 4 else self.base + self.number(at + 8, 4)
        return Entry(tag, type_, count, at, start, start + (size if type_ in _SIZES else 4))

    def _numbers(self, entry: Entry) -> Iterator[int]:
        """Its value as whole numbers; none where it is of another type, or not all of them are there."""
        if self._is_whole_numbers(entry):
            size = _SIZES[entry.type]
            yield from (self.number(at, size) for at in range(entry.start, entry.end, size))

    def _is_whole_numbers(self, entry: Entry) -> bool:
        return entry.type in _WHOLE_NUMBERS and entry.end <= len(self.data)

    @cached_property
    def has_place(self) -> bool:
        """Does a GPS directory say where? Zeros are what a camera writes that does not know.

        Raises:
            BrokenExif: it means to, but what it says is not there.
        """
        # A pointer that leads out of the block leads to nothing: no reader finds a place there.
        for directory in self.directories:
            for pair in _PLACES if directory.kind == GPS else ():
                entries = [entry for tag in pair if (entry := directory.entry(tag)) and entry.count]
                if len(entries) == 2:
                    if any(entry.end > len(self.data) for entry in entries):
                        raise BrokenExif
                    if any(self._says_something(entry) for entry in entries):
                        return True
        return False

    def _says_something(self, entry: Entry) -> bool:
        if entry.type not in _RATIONALS:
            return bool(self.data[entry.start : entry.end].strip(b"\0 "))
        pairs = range(entry.start, min(entry.end, entry.start + 8 * 3), 8)  # degrees, minutes, seconds
        return any(self.number(at, 4) and self.number(at + 4, 4) for at in pairs)

    def texts(self) -> Iterator[tuple[int, bytes]]:
        """Tag and value of every entry that is text, as far as it is there."""
        for directory in self.directories:
            for entry in directory.entries if directory.kind != GPS else ():
                if entry.type == _TEXT:
                    yield entry.tag, self.data[entry.start : min(entry.end, entry.start + _MOST_TEXT)]

    def packets(self) -> Iterator[tuple[int, int]]:
        """Where the XMP packets stand that lie in the block."""
        for directory in self.directories:
            entry = directory.entry(_XMP) if directory.kind == IMAGE else None
            if entry and entry.count > 4 and entry.end <= len(self.data):
                yield entry.start, entry.end

    def without_gps(self) -> bytes | None:
        """The block, as long as before, with its GPS directories overwritten by zeros and the entries that lead there
        taken out of their directories; None where something else may lie in the same bytes."""
        gone = [directory for directory in self.directories if directory.kind == GPS]
        parents = [(one, entry) for one in self.directories if (entry := one.entry(_GPS_POINTER)) and one.kind != GPS]
        doomed = [(directory.at, directory.end) for directory in gone]
        doomed += [(entry.start, entry.end) for one in gone for entry in one.entries if entry.start != entry.at + 8]
        # Where an entry is taken out, those after it move up, and the place of the next directory with them.
        moved = [(parent.at, parent.end + 4) for parent, _ in parents]
        try:
            kept = list(islice(self._kept(), _MOST_KEPT))
        except BrokenExif:
            return None
        if (
            len(kept) == _MOST_KEPT
            or len(doomed) + len(moved) > _MOST_DOOMED
            or any(end > len(self.data) for _, end in (*doomed, *moved))
            or any(_overlap(one, other) for one in doomed for other in (*kept, *moved))
            or any(_overlap(one, other) for one in moved for other in kept if other != (one[0], one[1] - 4))
            or len(set(moved)) < len(moved)
            or any(sum(entry.tag == _GPS_POINTER for entry in parent.entries) > 1 for parent, _ in parents)
        ):
            return None
        new = bytearray(self.data)
        for start, end in doomed:
            new[start:end] = bytes(end - start)
        for parent, pointer in parents:
            end = parent.end + 4
            new[pointer.at : end] = self.data[pointer.at + 12 : end] + bytes(12)
            new[parent.at : parent.at + 2] = (len(parent.entries) - 1).to_bytes(2, self.order)
        return bytes(new)

    def _kept(self) -> Iterator[tuple[int, int]]:
        """What the other directories take: themselves, their values, and the pixels that they lead to.

        Raises:
            BrokenExif: it cannot be told where the pixels are.
        """
        yield 0, self.base + 8
        for directory in self.directories:
            if directory.kind == GPS:
                continue
            yield directory.at, directory.end
            yield from ((entry.start, entry.end) for entry in directory.entries if entry.start != entry.at + 8)
            for starts, sizes in _PICTURES:
                at, size = directory.entry(starts), directory.entry(sizes)
                if at is None:
                    continue
                if size is None or not (self._is_whole_numbers(at) and self._is_whole_numbers(size)):
                    raise BrokenExif
                places = zip(self._numbers(at), self._numbers(size), strict=False)
                yield from ((self.base + start, self.base + start + length) for start, length in places)


_MOST_TEXT = 4096
_MOST_KEPT = 300_000
_MOST_DOOMED = 200


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])
