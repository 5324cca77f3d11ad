"""TTML (.ttml, .dfxp): cues are its timed paragraphs. Times may stand on what is around them, in clocks or offsets.

https://www.w3.org/TR/ttml1/, 10 Timing. Entities and document types are refused: no captions file needs them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from io import BytesIO
from typing import Any
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import InputSource

from defusedxml import DefusedXmlException
from defusedxml.expatreader import create_parser

from postcheck.analysis.cues import Captions, Cue, Faults, split_lines, written_time
from postcheck.source import BOM, Source, Text, plain_line_ends

_CLOCK = re.compile(r"(\d{2,9}):(\d{2}):(\d{2})(?:\.(\d{1,9})|:(\d{2,4})(?:\.\d{1,4})?)?", re.ASCII)
_OFFSET = re.compile(r"(\d{1,12}(?:\.\d{1,9})?)(h|ms|m|s|f|t)", re.ASCII)
_SECONDS = {"h": Fraction(3600), "m": Fraction(60), "s": Fraction(1), "ms": Fraction(1, 1000)}
_START_TAG = re.compile(r"<[^>\"']*(?:\"[^\"]*\"[^>\"']*|'[^']*'[^>\"']*)*>")
_TIMED = ("body", "div", "p", "span")
_ASIDE = ("metadata", "title", "desc", "copyright", "agent", "name", "actor")
_MOST_DEEP = 100
_BREAK = "\0"
"""Stands for <br/>: XML allows no such character."""


def parse(source: Source) -> Captions:
    begin = 1 if source.text.startswith(BOM) else 0
    parser = create_parser(forbid_dtd=True)
    reading = _Reading(source, begin, parser)
    parser.setFeature("http://xml.org/sax/features/namespaces", True)
    parser.setContentHandler(reading)
    content = InputSource()
    content.setByteStream(BytesIO(source.text[begin:].encode()))
    content.setEncoding("utf-8")  # whatever the declaration says: it is text already
    try:
        parser.parse(content)
    except DefusedXmlException:
        reading.fault("xml-dtd", reading.place())
    except SAXParseException as error:
        place = reading.offset(error.getLineNumber() or 1, error.getColumnNumber() or 0)
        reading.fault("xml", place, found=str(error.getMessage()))
    except (SAXException, ValueError) as error:
        reading.fault("xml", reading.place(), found=str(error)[:80])
    faults = reading.faults
    captions = tuple(reading.cues)
    return Captions("ttml", source, captions, tuple(reading.unread), faults(), faults.counts, reading.language)


@dataclass(slots=True)
class _Element:
    name: str
    begin: Fraction
    """Seconds from the start of the video."""
    end: Fraction | None
    is_timed: bool
    """Does it, or anything around it, state a time?"""
    is_broken: bool = False
    """Does a time that bears on it make no sense?"""
    in_turn: bool = False
    """Are its children shown one after the other (timeContainer="seq")?"""
    cursor: Fraction = Fraction(0)
    """Where the child after the last one begins."""
    keeps_space: bool = False
    agent: str = ""
    region: str = ""
    body_at: int = 0
    """Where its content begins in the file."""
    pieces: list[str] = field(default_factory=list)
    inner_times: int = 0


class _Reading(ContentHandler):
    def __init__(self, source: Source, begin: int, parser: Any) -> None:
        super().__init__()
        self.source = source
        self.parser = parser
        self.begin = begin
        self.starts = [start for start, _ in split_lines(source.text, begin)] or [begin]
        self.faults = Faults()
        self.cues: list[Cue] = []
        self.unread: list[Text] = []
        self.open = [_Element("", Fraction(0), None, is_timed=False)]
        self.frame_rate = Fraction(30)
        self.shown_rate = Fraction(30)
        self.tick_rate = Fraction(1)
        self.is_smpte = False
        self.drop_mode = ""
        self.agents: dict[str, str] = {}
        self.language = ""

    def offset(self, line: int, column: int) -> int:
        return min(self.starts[min(line, len(self.starts)) - 1] + column, len(self.source.text))

    def place(self) -> int:
        return self.offset(self.parser.getLineNumber() or 1, self.parser.getColumnNumber() or 0)

    def fault(self, kind: str, at: int, **data: str) -> None:
        self.faults.add(kind, at, min(at + 1, len(self.source.text)), **data)

    # What the parser calls ------------------------------------------------------------------------------------

    def startElementNS(  # noqa: N802
        self,
        name: tuple[str | None, str],
        qname: str | None,  # noqa: ARG002
        attrs: Any,
    ) -> None:
        if len(self.open) > _MOST_DEEP:
            raise SAXException("elements are nested too deep")
        at, local = self.place(), name[1]
        given = {key[1]: str(value) for key, value in attrs.items()}
        parent = self.open[-1]
        if len(self.open) == 1:
            if local != "tt":
                self.fault("not-ttml", at, found=f"<{local[:40]}>")
            self._parameters(given)
        element = self._timed(local, given, parent, at) if local in _TIMED else self._plain(local, parent)
        element.keeps_space = given["space"] == "preserve" if "space" in given else parent.keeps_space
        element.agent = given.get("agent", "").split(" ")[0] or parent.agent
        element.region = given.get("region", "") or parent.region
        if local == "agent":
            element.agent = given.get("id", "")
        tag = _START_TAG.match(self.source.text, at)
        element.body_at = tag.end() if tag else at
        self.open.append(element)
        if local == "br" and len(self.open) > 2:
            self._add(_BREAK)

    def endElementNS(self, *_: object) -> None:  # noqa: N802
        element = self.open.pop()
        parent = self.open[-1]
        if element.end is not None:
            parent.cursor = element.end
        if element.name == "name" and element.agent:
            self.agents[element.agent] = " ".join("".join(element.pieces).split())
        elif element.name == "p":
            if element.is_timed or not element.inner_times:
                self._cue(element)
        elif element.name == "span" and element.is_timed and not self._paragraph_is_timed():
            self._cue(element)

    def characters(self, content: str) -> None:
        self._add(content)

    # ------------------------------------------------------------------------------------------------------------

    def _add(self, words: str) -> None:
        """To the paragraph and the spans that are open; notes about the file are no words."""
        for element in reversed(self.open):
            if element.name in _ASIDE:
                if element.name == "name":
                    element.pieces.append(words)
                return
            if element.name in ("p", "span"):
                element.pieces.append(words if element.keeps_space or words == _BREAK else _collapsed(words))
            if element.name == "p":
                return

    def _paragraph_is_timed(self) -> bool:
        return any(element.name == "p" and element.is_timed for element in self.open)

    def _parameters(self, given: Mapping[str, str]) -> None:
        self.language = given.get("lang", "")
        self.frame_rate = _number(given.get("frameRate", "")) or Fraction(30)
        part = [_number(one) for one in re.split(r"[\s:]+", given.get("frameRateMultiplier", "").strip())]
        multiplier = part[0] / part[1] if len(part) == 2 and part[0] and part[1] else Fraction(1)
        self.shown_rate = self.frame_rate * multiplier
        sub_frames = _number(given.get("subFrameRate", "")) or Fraction(1)
        ticks = self.frame_rate * sub_frames if "frameRate" in given else Fraction(1)
        self.tick_rate = _number(given.get("tickRate", "")) or ticks
        self.is_smpte = given.get("timeBase") == "smpte"
        self.drop_mode = given.get("dropMode", "")

    def _plain(self, name: str, parent: _Element) -> _Element:
        return _Element(name, parent.begin, parent.end, parent.is_timed, parent.is_broken)

    def _timed(self, name: str, given: Mapping[str, str], parent: _Element, at: int) -> _Element:
        base = parent.cursor if parent.in_turn else parent.begin
        found = self.faults.counts[False]
        begin, end, duration = (self._seconds(given.get(key), at) for key in ("begin", "end", "dur"))
        is_broken = parent.is_broken or self.faults.counts[False] > found
        starts = base + begin if begin is not None else base
        ends = [base + end] if end is not None else []
        ends += [starts + duration] if duration is not None else []
        ends += [parent.end] if parent.end is not None else []
        states = any(key in given for key in ("begin", "end", "dur"))
        if states and name == "span":
            for element in reversed(self.open):
                if element.name == "p":
                    element.inner_times += 1
        element = _Element(name, starts, min(ends, default=None), states or parent.is_timed, is_broken)
        element.in_turn = given.get("timeContainer") == "seq"
        element.cursor = starts
        return element

    def _seconds(self, written: str | None, at: int) -> Fraction | None:
        """None where none is given, or a fault was found in it."""
        if written is None:
            return None
        offset = _OFFSET.fullmatch(written.strip())
        if offset:
            amount = Fraction(offset[1])
            if offset[2] == "f":
                return amount / self.shown_rate
            return amount / self.tick_rate if offset[2] == "t" else amount * _SECONDS[offset[2]]
        clock = _CLOCK.fullmatch(written.strip())
        if clock is None or int(clock[2]) > 59 or int(clock[3]) > 60 or int(clock[5] or 0) >= self.frame_rate:
            self.fault("ttml-time", at, found=written[:40])
            return None
        minutes = int(clock[1]) * 60 + int(clock[2])
        seconds, frames = minutes * 60 + int(clock[3]), int(clock[5] or 0)
        if self.is_smpte:  # the clock counts frames, and the frames take a little longer than it says
            return (seconds * self.frame_rate + frames - self._dropped(minutes)) / self.shown_rate
        return seconds + Fraction(f"0.{clock[4] or 0}") + frames / self.shown_rate

    def _dropped(self, minutes: int) -> int:
        """Numbers of frames that the clock leaves out: 2 in each minute but every tenth, or 4 in each second one but
        every twentieth (TTML1, 6.2.3 ttp:dropMode)."""
        if self.drop_mode == "dropNTSC":
            return 2 * (minutes - minutes // 10)
        return 4 * (minutes // 2 - minutes // 20) if self.drop_mode == "dropPAL" else 0

    def _cue(self, element: _Element) -> None:
        at = self.place()
        end = max(at, element.body_at)
        raw = self.source.text[element.body_at : end]
        start = element.body_at + len(raw) - len(raw.lstrip())
        raw = raw.strip()
        joined = "".join(element.pieces).replace("\n", " " if not element.keeps_space else "\n")
        lines = tuple(line for part in re.split(r"[\0\n]", joined) if (line := " ".join(part.split())))
        number = len(self.cues) + 1
        is_read = element.is_timed and element.end is not None and not element.is_broken
        name = f"cue {number}" if is_read else f"line {self.source.line_and_column(start)[0]}"
        payload = Text(plain_line_ends(raw), self.source, name, start, start + len(raw))
        if element.end is None or not is_read:
            if lines:
                if not element.is_broken:
                    self.fault("ttml-no-end" if element.is_timed else "ttml-no-times", start, found=lines[0][:40])
                self.unread.append(payload)
            return
        start_ms, end_ms = (round(seconds * 1000) for seconds in (element.begin, element.end))
        if end_ms <= start_ms:
            self.fault("ends-first", start, begins=written_time(start_ms), ends=written_time(max(end_ms, 0)))
        speaker = self.agents.get(element.agent, "")
        inner = element.inner_times
        self.cues.append(Cue(number, start_ms, end_ms, payload, lines, speaker, element.region, inner_times=inner))


def _collapsed(words: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", words)


def _number(written: str) -> Fraction | None:
    return Fraction(written) if re.fullmatch(r"\d{1,9}", written.strip(), re.ASCII) and int(written) else None
