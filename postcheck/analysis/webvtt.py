"""WebVTT: read as its specification tells players to, and held against the syntax that it asks of authors.

The two differ. What a player skips or guesses at is read here as players do (W3C WebVTT, 6 Parsing), so that cues are
counted and timed as they will be shown; everything that the syntax (4 Syntax) does not allow is a fault at its place.
https://www.w3.org/TR/webvtt1/
"""

from __future__ import annotations

import html
import re
from bisect import bisect_left
from collections.abc import Iterable
from html.entities import html5

from postcheck.analysis.cues import (
    Captions,
    Cue,
    Faults,
    meant_time,
    milliseconds,
    payload_text,
    shown_lines,
    split_lines,
    written_time,
)
from postcheck.errors import near_miss
from postcheck.source import BOM, Source, Text

SIGNATURE = "WEBVTT"
ARROW = "-->"

_TIME = re.compile(r"(?:(\d{2,}):)?(\d{2}):(\d{2})\.(\d{3})", re.ASCII)
_TOKEN = re.compile(r"[^ \t]+")
_SETTING = re.compile(
    r"[^ \t:]+(?:(?P<before>[ \t]+):(?=[^ \t:])|:(?P<after>[ \t]+)(?=[^ \t:]+(?:[ \t]|\Z)))?[^ \t]+|[^ \t]+"
)
"""A name, a colon and a value; also with spaces about the colon, where they do not belong."""
_HEADER = re.compile(r"([A-Za-z][\w-]*)\s*[:=]\s*(.*)")
_COMMENT = re.compile(r"NOTE(?:[ \t]|$)")
_BLOCK = re.compile(r"(STYLE|REGION)[ \t]*")
_NO_ARROW = re.compile(r"\s*\d+:\d\d\S*[ \t]+(?:-+>?[ \t]+)?\d+:\d\d\S*\s*")
_PERCENT = r"(?:100(?:\.0+)?|\d{1,2}(?:\.\d+)?|0+\d{1,2}(?:\.\d+)?)%"

_SETTINGS = {
    # Name: what its value may be, and how to say that.
    "vertical": (re.compile(r"rl|lr"), "rl or lr"),
    "line": (
        re.compile(rf"(?:-?\d+|{_PERCENT})(?:,(?:start|center|end))?", re.ASCII),
        "a number of lines or a percentage from 0% to 100%, such as 0 or 85%; after a comma start, center or end",
    ),
    "position": (
        re.compile(rf"{_PERCENT}(?:,(?:line-left|center|line-right))?", re.ASCII),
        "a percentage from 0% to 100%; after a comma line-left, center or line-right",
    ),
    "size": (re.compile(_PERCENT, re.ASCII), "a percentage from 0% to 100%"),
    "align": (re.compile(r"start|center|end|left|right"), "start, center, end, left or right"),
    "region": (re.compile(r"(?!.*-->)\S+"), "the name of a region"),
}
_REGION_SETTINGS = {
    "id": (re.compile(r"(?!.*-->)\S+"), "a name"),
    "width": (re.compile(_PERCENT, re.ASCII), "a percentage from 0% to 100%"),
    "lines": (re.compile(r"\d+", re.ASCII), "a whole number"),
    "regionanchor": (re.compile(rf"{_PERCENT},{_PERCENT}", re.ASCII), "two percentages with a comma between"),
    "viewportanchor": (re.compile(rf"{_PERCENT},{_PERCENT}", re.ASCII), "two percentages with a comma between"),
    "scroll": (re.compile(r"up"), "up"),
}
_OLD_VALUES = {("align", "middle"): "center"}
"""Of drafts of the specification that tools still write. Players pass over them, and it looks the same."""


def is_webvtt(text: str) -> bool:
    """Does it begin with the signature, as the specification demands?"""
    begin = 1 if text.startswith(BOM) else 0
    after = text[begin + len(SIGNATURE) : begin + len(SIGNATURE) + 1]
    return text.startswith(SIGNATURE, begin) and (not after or after in " \t\r\n")


def parse(source: Source) -> Captions:
    return _Reading(source).all()


class _Reading:
    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self.lines = split_lines(self.text, 1 if self.text.startswith(BOM) else 0)
        self.faults = Faults()
        self.cues: list[Cue] = []
        self.unread: list[Text] = []
        self.identifiers: dict[str, int] = {}
        self.language = ""
        self.kind = ""

    def all(self) -> Captions:
        nul = self.text.find("\0")
        if nul >= 0:
            self.faults.add("nul", nul, nul + 1)
        if is_webvtt(self.text):
            position = self._header()
            faults = self.faults
        else:
            position = 0
            faults = Faults()  # all else follows from the first: whatever this is, it is not WebVTT
            start, end = self.lines[0] if self.lines else (0, 0)
            faults.add("signature", start, end, found=self.text[start : min(end, start + 40)])
        while position < len(self.lines):
            if self._line(position):
                position = self._block(position)
            else:
                position += 1
        return Captions(
            "vtt",
            self.source,
            tuple(self.cues),
            tuple(self.unread),
            faults(),
            faults.counts,
            self.language,
            self.kind,
        )

    def _line(self, position: int) -> str:
        start, end = self.lines[position]
        return self.text[start:end]

    def _header(self) -> int:
        """What stands right below the signature, up to an empty line or the first times. Gives where to read on."""
        position = 1
        foreign = None
        while position < len(self.lines) and (line := self._line(position)) and ARROW not in line:
            match = _HEADER.match(line)
            if match and match[1].lower() == "language":
                self.language = match[2].strip()
            if match and match[1].lower() == "kind":
                self.kind = match[2].strip().lower()
            if line.startswith("X-TIMESTAMP-MAP"):
                self.faults.forgive("timestamp-map", *self.lines[position])
            elif foreign is None:
                foreign = position
            position += 1
        if foreign is None and position < len(self.lines) and ARROW in self._line(position):
            foreign = position
        if foreign is not None:
            self.faults.forgive("header", *self.lines[foreign], found=self._line(foreign)[:40])
        return position

    def _block(self, position: int) -> int:
        """Reads the block that begins here. Gives where to read on."""
        first = position
        timed: tuple[int, int, int] | None = None
        arrow_at = -1
        payload: list[tuple[int, int]] = []
        while position < len(self.lines):
            line = self._line(position)
            if ARROW in line:
                if position - first > 1 or arrow_at >= 0:
                    self._crowded(position)
                    break
                arrow_at = position
                timed = self._timings(position)
                payload = []
            elif not line:
                break
            else:
                payload.append(self.lines[position])
            position += 1
        if arrow_at < 0:
            self._untimed(first, payload)
            return position
        number = len(self.cues) + 1
        name = f"cue {number}" if timed else f"line {first + 1}"
        words = payload_text(self.source, payload, name)
        if timed is None:
            if words.value:
                self.unread.append(words)
            return position
        start, end, settings_at = timed
        identifier = self._line(first) if arrow_at > first else ""
        if identifier and self.identifiers.setdefault(identifier, number) != number:
            self.faults.forgive("identifier-twice", *self.lines[first], found=identifier[:40])
        spoken = _CueText(self, words, start, end).read()
        self.cues.append(
            Cue(
                number,
                start,
                end,
                words if words.value else Text("", self.source, name, *self.lines[arrow_at]),
                shown_lines(spoken.words),
                spoken.speaker,
                self.text[settings_at : self.lines[arrow_at][1]].strip(),
                identifier,
                spoken.inner_times,
            )
        )
        return position

    def _crowded(self, position: int) -> None:
        above = self._line(position - 1)
        kind = "blank-line-spaces" if not above.strip() and above else "no-blank-line"
        self.faults.add(kind, *self.lines[position])

    def _untimed(self, first: int, lines: list[tuple[int, int]]) -> None:
        """A block without times: a comment, a style, a region, or a fault."""
        line = self._line(first)
        if _COMMENT.match(line):
            return
        block = _BLOCK.fullmatch(line)
        if block is None:
            kind = "no-arrow" if _NO_ARROW.fullmatch(line) else "no-times"
            self.faults.add(kind, *self.lines[first], found=line[:40])
            self.unread.append(payload_text(self.source, lines, f"line {first + 1}"))
        elif self.cues:
            self.faults.add("block-late", *self.lines[first], found=block[1])
        elif block[1] == "REGION":
            seen: set[str] = set()
            for start, end in lines[1:]:
                self._settings(start, end, _REGION_SETTINGS, seen)

    def _timings(self, position: int) -> tuple[int, int, int] | None:
        """Start and end in milliseconds and where the settings begin, as a player reads them; None where it cannot."""
        start, end = self.lines[position]
        arrow = self.text.index(ARROW, start, end)
        first = _TOKEN.search(self.text, start, arrow)
        second = _TOKEN.search(self.text, arrow + len(ARROW), end)
        if first is None or second is None:
            self.faults.add("no-time", start, end)
            return None
        from_ms = self._time(first.start(), self.text[first.start() : arrow].rstrip(" \t"))
        to_at, to = second.start(), second[0]
        glued = _TIME.match(self.text, to_at, end)
        if glued and glued.end() < second.end():
            self.faults.add("settings-glued", glued.end(), second.end(), found=to)
            to = glued[0]
        to_ms = self._time(to_at, to)
        if from_ms is None or to_ms is None:
            return None
        if arrow == first.end() or second.start() == arrow + len(ARROW):
            self.faults.add("arrow-spaces", arrow, arrow + len(ARROW))
        if first.start() > start:
            self.faults.forgive("indented", start, first.start())
        if to_ms <= from_ms:
            times = {"begins": written_time(from_ms), "ends": written_time(to_ms)}
            self.faults.add("ends-first", to_at, to_at + len(to), **times)
        self._settings(to_at + len(to), end, _SETTINGS, set())
        return from_ms, to_ms, to_at + len(to)

    def _time(self, at: int, found: str) -> int | None:
        match = _TIME.fullmatch(found)
        ms = milliseconds(*match.groups()) if match else None
        if ms is None:
            self.faults.add("time", at, at + len(found), found=found[:40], write=meant_time(found, "."))
        return ms

    def _settings(self, start: int, end: int, known: dict[str, tuple[re.Pattern[str], str]], seen: set[str]) -> None:
        for match in _SETTING.finditer(self.text, start, end):
            found = match[0]
            place = match.span()
            if match["before"] or match["after"]:
                self.faults.add("setting-spaces", *place, found=found[:40], write="".join(found.split())[:40])
                continue
            name, colon, value = found.partition(":")
            shown = {"found": found[:40], "name": name[:40]}
            if not colon:
                self.faults.add("setting-colon", *place, **shown)
            elif name not in known:
                self.faults.add("setting-unknown", *place, **shown, hint=self._hint(name, known))
            elif (name, value) in _OLD_VALUES:
                self.faults.forgive("setting-old", *place, **shown, write=_OLD_VALUES[name, value])
            elif not known[name][0].fullmatch(value):
                self.faults.add("setting-value", *place, **shown, allowed=known[name][1])
            elif name in seen:
                self.faults.add("setting-twice", *place, **shown)
            seen.add(name)

    def _hint(self, name: str, known: Iterable[str]) -> str:
        return "" if self.faults.are_many else near_miss(name[:40], list(known))


_PIECE = re.compile(r"<(?P<tag>[^>]*)(?P<close>>?)|&(?P<name>#[xX][0-9a-fA-F]+|#\d+|[A-Za-z][A-Za-z0-9]*)?(?P<end>;)?")
_START_TAG = re.compile(r"([^ \t\n.]*)((?:\.[^ \t\n.]*)*)(?:[ \t\n]([\s\S]*))?")
_TAGS = ("c", "i", "b", "u", "ruby", "rt", "v", "lang")
_ANNOTATED = ("v", "lang")
_ANNOTATION_OF = {"v": "who speaks", "lang": "the language"}


class _CueText:
    """The payload of one cue (4.2.2): tags, escapes and times within it."""

    def __init__(self, reading: _Reading, payload: Text, start: int, end: int) -> None:
        self.faults = reading.faults
        self.text = payload.value
        self.payload = payload
        self.start = start
        self.end = end
        self.last = start
        raw = payload.source.text[payload.start : payload.end]
        self.doubled = [match.start() - number for number, match in enumerate(re.finditer("\r\n", raw))]
        """Where in the text line ends stand that are two characters in the file."""
        self.open: list[tuple[str, int, int]] = []
        self.pieces: list[str] = []
        self.speaker = ""
        self.inner_times = 0

    def read(self) -> _CueText:
        position = 0
        for match in _PIECE.finditer(self.text):
            self.pieces.append(self.text[position : match.start()])
            position = match.end()
            if match["tag"] is None:
                self._escape(match)
            else:
                self._tag(match)
        self.pieces.append(self.text[position:])
        self._still_open()
        return self

    @property
    def words(self) -> str:
        return "".join(self.pieces)

    def _fault(self, kind: str, start: int, end: int, /, **data: str) -> None:
        self.faults.add(kind, *self._place(start, end), **data)

    def _forgiven(self, kind: str, start: int, end: int, /, **data: str) -> None:
        self.faults.forgive(kind, *self._place(start, end), **data)

    def _place(self, start: int, end: int) -> tuple[int, int]:
        """In the file, of a span of the payload."""
        first, last = (at + bisect_left(self.doubled, at) + self.payload.start for at in (start, end))
        return first, last

    def _escape(self, match: re.Match[str]) -> None:
        found, name = match[0], match["name"]
        if name is None:
            self.pieces.append(found)
            self._forgiven("ampersand", match.start(), match.start() + 1)
            return
        self.pieces.append(html.unescape(found))
        is_number = name.startswith("#")
        if match["end"]:
            if not is_number and f"{name};" not in html5:
                self._fault("escape", *match.span(), found=found[:40])
        elif is_number or name in html5:  # players take it for the character all the same
            self._fault("escape-unended", *match.span(), found=found[:40], write=f"{found[:40]};")
        else:
            self._forgiven("ampersand", match.start(), match.start() + 1)

    def _tag(self, match: re.Match[str]) -> None:
        inside, place = match["tag"], match.span()
        shown = {"found": " ".join(match[0].split())[:40]}
        if not match["close"] or "<" in inside:
            self._fault("tag-unended", *place, **shown)
            if match["close"] and not inside.startswith("/"):
                self._open(inside, place)
            return
        if inside.startswith("/"):
            self._end_tag(inside[1:], place, shown)
        elif inside[:1].isdigit():
            self._inner_time(inside, place, shown)
        else:
            self._start_tag(inside, place, shown)

    def _open(self, inside: str, place: tuple[int, int]) -> None:
        name = inside.split(".")[0].split(" ")[0]
        if name in _TAGS:
            self.open.append((name, *place))

    def _inner_time(self, inside: str, place: tuple[int, int], shown: dict[str, str]) -> None:
        match = _TIME.fullmatch(inside)
        ms = milliseconds(*match.groups()) if match else None
        if ms is None:
            self._fault("inner-time", *place, **shown, write=meant_time(inside, "."))
            return
        self.inner_times += 1
        if not self.last < ms < self.end:
            self._fault("inner-time-order", *place, **shown)
        self.last = max(self.last, ms)

    def _start_tag(self, inside: str, place: tuple[int, int], shown: dict[str, str]) -> None:
        match = _START_TAG.fullmatch(inside)
        name = match[1] if match else ""
        if match is None or name not in _TAGS:
            self._fault("tag-unknown", *place, **shown)
            return
        annotation = (match[3] or "").strip()
        if any(not part for part in match[2].split(".")[1:]):
            self._fault("tag-class", *place, **shown)
        if name in _ANNOTATED and not annotation:
            self._fault("annotation-missing", *place, **shown, wanted=_ANNOTATION_OF[name], name=name)
        elif name not in _ANNOTATED and annotation:
            self._fault("annotation", *place, **shown, name=name)
        elif "\n" in inside:
            self._fault("tag-unended", *place, **shown)
        if name == "rt" and (not self.open or self.open[-1][0] != "ruby"):
            self._fault("rt-alone", *place, **shown)
        if name == "v":
            self.speaker = self.speaker or html.unescape(annotation)
        self.open.append((name, *place))

    def _end_tag(self, name: str, place: tuple[int, int], shown: dict[str, str]) -> None:
        if name not in _TAGS:
            kind = "end-tag" if name.replace(".", " ").split(" ")[0] in _TAGS else "tag-unknown"
            self._fault(kind, *place, **shown)
            name = name.replace(".", " ").split(" ")[0]
            if name not in _TAGS:
                return
        names = [one for one, _, _ in self.open]
        if names[-1:] == [name]:
            self.open.pop()
        elif name == "ruby" and names[-2:] == ["ruby", "rt"]:
            del self.open[-2:]  # the last </rt> in a <ruby> may be left out
        elif name in names:
            self._fault("tag-order", *place, **shown, wanted=f"</{names[-1]}>")
            while self.open.pop()[0] != name:
                pass
        else:
            self._fault("tag-unstarted", *place, **shown, name=name)

    def _still_open(self) -> None:
        if not self.open:
            return
        name, start, end = self.open[0]
        if len(self.open) == 1 and name == "v" and not self.text[:start].strip():
            return  # a voice that speaks the whole cue need not be closed
        if all(one == "v" for one, _, _ in self.open):
            self._forgiven("voice-open", start, end, found=self.text[start:end][:40])
            return
        wanted = "".join(f"</{one}>" for one, _, _ in reversed(self.open))
        self._fault("tag-open", start, end, found=self.text[start:end][:40], wanted=wanted)


def write(cues: tuple[Cue, ...]) -> str:
    """The cues as plain WebVTT: times and words."""
    parts = [f"{SIGNATURE}\n"]
    for cue in cues:
        words = "\n".join(html.escape(line, quote=False) for line in cue.lines)
        parts.append(f"\n{written_time(cue.start_ms)} {ARROW} {written_time(cue.end_ms)}\n{words}\n")
    return "".join(parts)
