"""The properties of an XMP packet, and the bytes in which each is written."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from xml.parsers import expat

_SPACE = "\n"
"""Between the parts of a name, as expat hands it over: no name holds one."""
_ATTRIBUTE = re.compile(rb"\s+([^\s=/>]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_MOST_BYTES = 20_000_000
_MOST_DEEP = 200


class BrokenXmp(Exception):
    """It is no XML, holds declarations that no packet needs, or too much."""


@dataclass(slots=True)
class Property:
    """An element or an attribute, by its local name; start and end are its bytes in the packet, in UTF-8 alone."""

    name: str
    value: str
    start: int
    end: int = 0


def properties(packet: bytes, wanted: Callable[[str], bool], outside: str = "") -> list[Property]:
    """Those whose local name is wanted and that do not lie in an element called `outside`.

    Raises:
        BrokenXmp: the packet cannot be read.
    """
    if len(packet) > _MOST_BYTES:
        raise BrokenXmp
    # Only in UTF-16 may a packet begin or end with a zero that belongs to it.
    filling = b"" if packet.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else b"\0 \r\n\t"
    lead = len(packet) - len(packet.lstrip(filling))
    reading = _Reading(packet, lead, wanted, outside)
    try:
        reading.parser.Parse(packet[lead:].rstrip(filling), True)
    except (expat.ExpatError, ValueError, LookupError):
        raise BrokenXmp from None
    return reading.found


@dataclass(slots=True)
class _Reading:
    packet: bytes
    lead: int
    wanted: Callable[[str], bool]
    outside: str
    found: list[Property] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """Of the elements that are open."""
    opened: list[tuple[int, Property]] = field(default_factory=list)
    """The wanted elements that are open, with their depth."""
    parser: expat.XMLParserType = field(init=False)

    def __post_init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=_SPACE)
        self.parser.namespace_prefixes = True
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.StartDoctypeDeclHandler = self._refuse

    def _refuse(self, *_: object) -> None:
        raise BrokenXmp

    def _start(self, name: str, attributes: list[str]) -> None:
        local = _local(name)
        at = self.lead + self.parser.CurrentByteIndex
        self.names.append(local)
        if len(self.names) > _MOST_DEEP:
            raise BrokenXmp
        if self.outside and self.outside in self.names:
            return
        if self.wanted(local):
            self.opened.append((len(self.names), Property(local, "", at)))
        named = dict(zip(attributes[::2], attributes[1::2], strict=True))
        if any(self.wanted(_local(one)) for one in named):
            spans = {match[1]: match.span() for match in self._written(at)}
            for full, value in named.items():
                if self.wanted(_local(full)):
                    start, end = spans.get(_as_written(full).encode(), (0, 0))
                    self.found.append(Property(_local(full), value.strip(), start, end))

    def _written(self, at: int) -> list[re.Match[bytes]]:
        """The attributes of the element that begins at `at`."""
        matches: list[re.Match[bytes]] = []
        name = re.compile(rb"<[^\s/>]+").match(self.packet, at)
        position = name.end() if name else len(self.packet)
        while match := _ATTRIBUTE.match(self.packet, position):
            matches.append(match)
            position = match.end()
        return matches

    def _end(self, _name: str) -> None:
        if self.opened and self.opened[-1][0] == len(self.names):
            _, done = self.opened.pop()
            at = self.lead + self.parser.CurrentByteIndex
            if not self.packet.startswith(b"</", at):  # <a/>: its end is told where it starts
                at = max([match.end() for match in self._written(done.start)], default=done.start)
            done.end = self.packet.find(b">", at) + 1
            done.value = done.value.strip()
            self.found.append(done)
        self.names.pop()

    def _text(self, text: str) -> None:
        for _, one in self.opened:
            if len(one.value) < 10_000:
                one.value += text


def blanked(packet: bytes, found: list[Property]) -> bytes | None:
    """The packet, as long as before, with spaces in place of these; None where their places are not known."""
    if b"\0" in packet.strip(b"\0"):
        return None  # not in UTF-8
    new = bytearray(packet)
    for one in found:
        if not 0 < one.start < one.end or packet[one.start : one.start + 1] not in (b"<", b" ", b"\n", b"\r", b"\t"):
            return None
        new[one.start : one.end] = b" " * (one.end - one.start)
    return bytes(new)


def _local(name: str) -> str:
    """Of a name as expat hands it over: space, local name and prefix, the local name alone, or the first two."""
    parts = name.split(_SPACE)
    return parts[1] if len(parts) > 1 else parts[0]


def _as_written(name: str) -> str:
    parts = name.split(_SPACE)
    return f"{parts[2]}:{parts[1]}" if len(parts) == 3 else parts[-1]
