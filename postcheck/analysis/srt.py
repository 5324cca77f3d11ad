"""SubRip (.srt). Nobody has written a standard for it: what is held here is what players and platforms agree on.

A number; a line of times, `00:00:01,000 --> 00:00:03,500`; lines of words; an empty line.
"""

from __future__ import annotations

import re

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
from postcheck.source import BOM, Source, Text

ARROW = "-->"

_TIMINGS = re.compile(r"[ \t]*(?P<start>\d[\d:.,;]*)(?P<gap>[ \t]*-->[ \t]*)(?P<end>\d[\d:.,;]*)(?P<rest>.*)", re.ASCII)
_NEAR = re.compile(r"[ \t]*\d[\d:.,;]*[ \t]*(?:-{1,3}[ \t]?>|=>|→|->)[ \t]*\d[\d:.,; \t]*", re.ASCII)
_TIME = re.compile(r"(\d+):(\d{2}):(\d{2})[.,](\d{3})", re.ASCII)
_NUMBER = re.compile(r"[ \t]*(\d{1,9})[ \t]*", re.ASCII)
_PLACED = re.compile(r"(?:\s*[XY][12]:-?\d+)*\s*", re.ASCII)
_TAG = re.compile(r"</?(?:b|i|u|s|font|c|ruby|rt|v|lang)\b[^<>\n]*>|\{\\[^{}\n]*\}|\{/?[biuBIU]\}", re.IGNORECASE)
_PAIRED = re.compile(r"<(/?)(b|i|u|font)\b[^<>\n]*>", re.IGNORECASE)
_AT_TOP = re.compile(r"\{\\an?[789]\}")


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
        self.told_order = False

    def all(self) -> Captions:
        nul = self.text.find("\0")
        if nul >= 0:
            self.faults.add("nul", nul, nul + 1)
        timed = [position for position in range(len(self.lines)) if self._is_timed(position)]
        heads = [self._head(position, above) for position, above in zip(timed, [-1, *timed], strict=False)]
        if not timed:
            start, end = self.lines[0] if self.lines else (0, 0)
            self.faults.add("no-times-at-all", start, end)
        self._loose(0, heads[0] if heads else len(self.lines), "before-first", tell=bool(timed))
        before: int | None = None
        for position, head, after in zip(timed, heads, [*heads[1:], len(self.lines)], strict=False):
            number = self._number(position) if head < position else None
            if number is None:
                self.faults.forgive("number-missing", *self.lines[position], write=str((before or 0) + 1))
            elif before is not None and number != before + 1 and not self.told_order:
                self.told_order = True  # one cue that was cut out puts all others out of order
                data = {"found": str(number), "before": str(before), "write": str(before + 1)}
                self.faults.forgive("number-order", *self.lines[head], **data)
            before = (before or 0) + 1 if number is None else number
            self._cue(position, after, is_last=after == len(self.lines))
        return Captions("srt", self.source, tuple(self.cues), tuple(self.unread), self.faults(), self.faults.counts)

    def _line(self, position: int) -> str:
        start, end = self.lines[position]
        return self.text[start:end]

    def _is_timed(self, position: int) -> bool:
        """Is it a line of times, even if a faulty one?"""
        line = self._line(position)
        if not any(sign in line for sign in (">", "→")):
            return False
        return bool(_TIMINGS.match(line) or _NEAR.fullmatch(line))

    def _number(self, position: int) -> int | None:
        match = _NUMBER.fullmatch(self._line(position - 1)) if position else None
        return int(match[1]) if match else None

    def _head(self, position: int, above: int) -> int:
        """The line that the cue begins with: its number, or its times. `above` is the last line of times before it."""
        return position - 1 if position - 1 > above and self._number(position) is not None else position

    def _cue(self, position: int, after: int, *, is_last: bool) -> None:
        """The cue with its times on line `position`; the next begins on line `after`."""
        body = position + 1
        while body < after and self._line(body).strip():
            body += 1
        spans = self.lines[position + 1 : body]
        number = len(self.cues) + 1
        times = self._times(position)
        words = payload_text(self.source, spans, f"cue {number}" if times else f"line {position + 1}")
        if not is_last and body == after:
            self.faults.add("no-blank-line", *self.lines[after])
        self._loose(body, after, "after-blank", tell=True)
        if times is None:
            if words.value:
                self.unread.append(words)
            return
        start, end, settings = times
        self._tags(words)
        if _AT_TOP.search(words.value):
            settings = "line:0"
        shown = shown_lines(_TAG.sub("", words.value))
        payload = words if words.value else Text("", self.source, words.field, *self.lines[position])
        self.cues.append(Cue(number, start, end, payload, shown, settings=settings))

    def _loose(self, first: int, last: int, kind: str, *, tell: bool) -> None:
        """Words on lines that belong to no cue."""
        spans = [self.lines[position] for position in range(first, last) if self._line(position).strip()]
        if spans:
            if tell:
                self.faults.add(kind, *spans[0], found=self.text[slice(*spans[0])].strip()[:40])
            self.unread.append(payload_text(self.source, spans, f"line {first + 1}"))

    def _times(self, position: int) -> tuple[int, int, str] | None:
        """Start and end in milliseconds, and what follows on the line; None where a player cannot know them."""
        start, end = self.lines[position]
        match = _TIMINGS.fullmatch(self._line(position))
        if match is None:
            self.faults.add("arrow", start, end, found=self._line(position).strip()[:40])
            return None
        from_ms = self._time(start + match.start("start"), match["start"])
        to_ms = self._time(start + match.start("end"), match["end"])
        if from_ms is None or to_ms is None:
            return None
        for name in ("start", "end"):
            if "." in match[name]:
                at = start + match.start(name)
                write = match[name].replace(".", ",")
                self.faults.forgive("dot", at, at + len(match[name]), found=match[name], write=write)
                break
        if not (match["gap"][:1].isspace() and match["gap"][-1:].isspace()):
            at = start + match.start("gap")
            self.faults.forgive("srt-arrow-spaces", at, at + len(match["gap"]))
        if not _PLACED.fullmatch(match["rest"]):
            at = start + match.start("rest")
            self.faults.forgive("srt-settings", at, end, found=match["rest"].strip()[:40])
        if to_ms <= from_ms:
            times = {"begins": written_time(from_ms, ","), "ends": written_time(to_ms, ",")}
            at = start + match.start("end")
            self.faults.add("ends-first", at, at + len(match["end"]), **times)
        return from_ms, to_ms, match["rest"].strip()

    def _time(self, at: int, found: str) -> int | None:
        match = _TIME.fullmatch(found)
        ms = milliseconds(*match.groups()) if match else None
        if match is None or ms is None:
            self.faults.add("srt-time", at, at + len(found), found=found[:40], write=meant_time(found[:40], ","))
        elif len(match[1]) == 1:
            write = written_time(ms, ",")
            self.faults.forgive("short-hours", at, at + len(found), found=found, write=write)
        return ms

    def _tags(self, words: Text) -> None:
        counts: dict[str, int] = {}
        for match in _PAIRED.finditer(words.value):
            counts[match[2].lower()] = counts.get(match[2].lower(), 0) + (-1 if match[1] else 1)
        odd = next((name for name, count in counts.items() if count), "")
        if odd:
            self.faults.forgive("srt-tag", words.start, words.end, found=f"<{odd}>")


def write(cues: tuple[Cue, ...]) -> str:
    """The cues as plain SubRip: numbers, times and words."""
    parts = []
    for number, cue in enumerate(cues, 1):
        times = f"{written_time(cue.start_ms, ',')} {ARROW} {written_time(cue.end_ms, ',')}"
        parts.append(f"{number}\n{times}\n" + "\n".join(cue.lines) + "\n")
    return "\n".join(parts)
