"""Texts and where they stand in the file they came from.

Every place is a half-open span of Unicode code points in the original file, a byte order mark included,
so that `open(file, encoding="utf-8", newline="").read()[start:end]` is what is quoted.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

BOM = "\ufeff"
_LINE_END = re.compile(r"\r\n|\r|\n")


def plain_line_ends(text: str) -> str:
    """With every line end as a line feed."""
    return _LINE_END.sub("\n", text)


@dataclass(frozen=True, slots=True)
class Location:
    """Where in a draft: a file, and in it a text place, a box or a stretch of time."""

    asset: str
    """The file, by its name inside the draft."""
    field: str | None = None
    """The part of the draft the text belongs to: `caption`, `variants.x`, `images[0].alt`."""
    span: tuple[int, int] | None = None
    """Half-open, in Unicode code points of the whole file."""
    line: int | None = None
    column: int | None = None
    quote: str | None = None
    box: tuple[int, int, int, int] | None = None
    """Left, top, width and height in pixels of the picture."""
    interval: tuple[float, float] | None = None
    """Start and end in seconds."""
    marked: bool = False
    """The file begins with a byte order mark, which counts in `span` and in no column."""

    def overlaps(self, other: Location) -> bool:
        """Do the two share words of the same text? Of boxes and times only the very same overlap."""
        if (self.asset, self.field) != (other.asset, other.field):
            return False
        if self.span is None or other.span is None:
            return self == other
        return self.span[0] < other.span[1] and other.span[0] < self.span[1]


@dataclass(frozen=True, slots=True)
class Edit:
    """A change of a file: `text`, as it must be written there, in place of the span."""

    asset: str
    span: tuple[int, int]
    """Half-open, in Unicode code points of the whole file."""
    text: str
    path: Path | None
    """Of the file."""


@dataclass(frozen=True, slots=True)
class Cleaning:
    """A change of a file that is no text: something is taken out of it, and all else stays."""

    asset: str
    kind: str
    """What is taken out: `location`, the place where a picture was taken."""
    path: Path
    """Of the file."""


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file to be written beside the others; where one of its name is there, nothing is written."""

    asset: str
    path: Path
    text: str


class Source:
    """The whole text of one file. `asset` is its name inside the draft, `path` where it lies."""

    __slots__ = ("_line_starts", "asset", "path", "text")

    def __init__(self, asset: str, text: str, path: Path | None = None) -> None:
        self.asset = asset
        self.text = text
        self.path = path
        self._line_starts: list[int] | None = None

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Both from 1. A byte order mark takes no column: editors do not show it."""
        if self._line_starts is None:
            first = 1 if self.text.startswith(BOM) else 0
            self._line_starts = [first, *(match.end() for match in _LINE_END.finditer(self.text))]
        line = max(bisect_right(self._line_starts, offset), 1)
        return line, max(offset - self._line_starts[line - 1], 0) + 1

    def location(self, start: int, end: int, field_name: str | None) -> Location:
        line, column = self.line_and_column(start)
        return Location(
            asset=self.asset,
            field=field_name,
            span=(start, end),
            line=line,
            column=column,
            quote=self.text[start:end],
            marked=self.text.startswith(BOM),
        )


class Style(StrEnum):
    """How a text is written in its file, and so how its characters are found again there."""

    VERBATIM = "verbatim"  # as it stands, but for the line ends
    JSON = "json"  # a JSON string, without its quotation marks
    DOUBLE = '"'  # the YAML styles
    SINGLE = "'"
    PLAIN = "plain"
    LITERAL = "|"
    FOLDED = ">"
    CSV = "csv"  # a quoted cell, where "" stands for "
    CELL = "cell"  # a cell without quotation marks: verbatim, but what ends a cell cannot stand in it
    EMBEDDED = "embedded"  # metadata of a picture: it has no place in a text file


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a draft: its value as read, and the span of the file that holds it."""

    value: str
    source: Source
    field: str
    start: int
    end: int
    style: Style = Style.VERBATIM

    def at(self, start: int, end: int) -> Location:
        """The place in the file of `value[start:end]`."""
        if self.style is Style.EMBEDDED:
            return Location(asset=self.source.asset, field=self.field, quote=self.value[start:end])
        return self.source.location(*(self.span(start, end) or (self.start, self.end)), self.field)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """The span in the file of `value[start:end]`; None where it is empty or cannot be found again."""
        if self.style is Style.EMBEDDED or end <= start:
            return None
        raw = self.source.text[self.start : self.end]
        if raw == self.value:  # nothing is escaped, folded or indented
            return self.start + start, self.start + min(end, len(raw))
        spans = character_spans(raw, self.value, self.style)
        if not spans:
            return None
        return self.start + spans[min(start, len(spans) - 1)][0], self.start + spans[min(end, len(spans)) - 1][1]

    def value_span(self, span: tuple[int, int]) -> tuple[int, int] | None:
        """The reverse of `span`: where in the value that part of the file stands; None where it stands elsewhere."""
        start, end = span[0] - self.start, span[1] - self.start
        if self.style is Style.EMBEDDED or start < 0 or span[1] > self.end or end <= start:
            return None
        raw = self.source.text[self.start : self.end]
        if raw == self.value:
            return start, end
        spans = character_spans(raw, self.value, self.style) or []
        inside = [position for position, (begin, stop) in enumerate(spans) if begin < end and stop > start]
        return (inside[0], inside[-1] + 1) if inside else None

    def whole(self) -> Location:
        return self.at(0, len(self.value))

    def edit(self, start: int, end: int, replacement: str) -> Edit | None:
        """The change that makes `value[start:end]` read `replacement`; None where nobody can be sure of it: the place
        is not known, goes over a line end, or the way the text is written does not allow the words."""
        span = self.span(start, end)
        if span is None or _LINE_END.search(self.source.text, *span):
            return None
        written = _written(replacement, self.style, at_start=start == 0, at_end=end >= len(self.value))
        return None if written is None else Edit(self.source.asset, span, written, self.source.path)


_UNITS = {
    # What one character of the value can look like in the file.
    Style.VERBATIM: re.compile(r"\r\n|.", re.DOTALL),
    Style.CSV: re.compile(r'\r\n|""|.', re.DOTALL),
    Style.SINGLE: re.compile(r"''|.", re.DOTALL),
    Style.JSON: re.compile(
        r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\.|.", re.DOTALL
    ),
    Style.DOUBLE: re.compile(
        r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|\r\n[ \t]*|[\r\n][ \t]*|.)|\r\n|.", re.DOTALL
    ),
}
_ANY = re.compile(r".", re.DOTALL)
_SHORT_ESCAPES = {
    "0": "\0", "a": "\a", "b": "\b", "t": "\t", "\t": "\t", "n": "\n", "v": "\v", "f": "\f", "r": "\r",
    "e": "\x1b", "N": "\x85", "_": "\xa0", "L": "\u2028", "P": "\u2029",
}  # fmt: skip


@lru_cache(maxsize=64)
def character_spans(raw: str, value: str, style: Style) -> list[tuple[int, int]] | None:
    """For each character of `value`, its span in `raw`, or None where the two cannot be matched.

    Runs of white space are matched as runs, since YAML folds and indents them; everything else is matched
    character by character, and a single difference gives the answer up: no place is better than a wrong one.
    """
    start = 0
    if style in (Style.LITERAL, Style.FOLDED):
        header = _LINE_END.search(raw)
        start = header.end() if header else len(raw)
    units = [
        (_meaning(match.group(), style), match.start(), match.end())
        for match in _UNITS.get(style, _ANY).finditer(raw, start)
    ]
    spans: list[tuple[int, int]] = []
    unit = 0
    while len(spans) < len(value):
        char = value[len(spans)]
        if unit < len(units) and units[unit][0] == "":  # an escaped line end: it stands for nothing
            unit += 1
        elif char.isspace():
            value_run, raw_run = _space_run(value, len(spans)), unit
            while raw_run < len(units) and (units[raw_run][0].isspace() or units[raw_run][0] == ""):
                raw_run += 1
            if raw_run == unit:
                if value_run < len(value):
                    return None
                return spans + [(len(raw), len(raw))] * (value_run - len(spans))  # a line end at the end
            run = units[unit:raw_run]
            for position in range(value_run - len(spans)):
                spans.append(run[min(position, len(run) - 1)][1:])
            unit = raw_run
        else:
            while unit < len(units) and units[unit][0].isspace():  # indentation before the first word
                unit += 1
            if unit == len(units) or units[unit][0] != char:
                return None
            spans.append(units[unit][1:])
            unit += 1
    return spans


def _space_run(text: str, start: int) -> int:
    end = start
    while end < len(text) and text[end].isspace():
        end += 1
    return end


def _meaning(unit: str, style: Style) -> str:
    """The character that `unit` stands for; "" for an escaped line end."""
    if unit == "\r\n":
        return "\n"
    if len(unit) == 2 and style in (Style.CSV, Style.SINGLE):
        return unit[0]
    if len(unit) == 1 or unit[0] != "\\":
        return unit
    if style is Style.JSON and len(unit) == 12:
        return chr(0x10000 + ((int(unit[2:6], 16) - 0xD800) << 10) + int(unit[8:12], 16) - 0xDC00)
    if len(unit) > 2 and unit[1] in "xuU":
        return chr(int(unit[2:], 16))
    if unit[1] in "\r\n":
        return ""
    return _SHORT_ESCAPES.get(unit[1], unit[1])


_PLAIN = re.compile(r"[\w .;'’“”!?%$()/&+…—–-]*")
"""Characters that mean nothing to YAML inside a text without quotation marks. A comma does, in `{alt: ...}`."""


def _written(text: str, style: Style, *, at_start: bool, at_end: bool) -> str | None:
    """`text` as it is written in a text of this style; None where it cannot be."""
    if _LINE_END.search(text):
        return None
    if style is Style.JSON:
        return json.dumps(text, ensure_ascii=False)[1:-1]
    if style is Style.DOUBLE:
        return text.replace("\\", "\\\\").replace('"', '\\"')
    if style is Style.SINGLE:
        return text.replace("'", "''")
    if style is Style.CSV:
        return text.replace('"', '""')
    if style is Style.CELL:
        return None if re.search(r'[,;\t"]', text) else text
    if style is Style.PLAIN:
        # At its start a plain text could turn into something else (a list, a tag); at its end white space is lost.
        usable = _PLAIN.fullmatch(text) and (text[:1].isalnum() or not at_start) and not (at_end and text[-1:] == " ")
        return text if usable else None
    return text
