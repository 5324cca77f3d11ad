"""SubViewer as YouTube writes it (.sbv): a line `0:00:01.000,0:00:03.500`, lines of words, an empty line."""

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

_TIMINGS = re.compile(r"[ \t]*(\d+:\d[\d:.]*)[ \t]*,[ \t]*(\d+:\d[\d:.]*)[ \t]*", re.ASCII)
_TIME = re.compile(r"(\d+):(\d{2}):(\d{2})\.(\d{3})", re.ASCII)
_BREAK = re.compile(r"\[br\]", re.IGNORECASE)


def parse(source: Source) -> Captions:
    text = source.text
    lines = split_lines(text, 1 if text.startswith(BOM) else 0)
    faults = Faults()
    cues: list[Cue] = []
    unread: list[Text] = []
    nul = text.find("\0")
    if nul >= 0:
        faults.add("nul", nul, nul + 1)

    def time(match: re.Match[str], group: int) -> int | None:
        found = match[group]
        exact = _TIME.fullmatch(found)
        ms = milliseconds(*exact.groups()) if exact else None
        if ms is None:
            place = match.start(group)
            faults.add("sbv-time", place, place + len(found), found=found[:40], write=meant_time(found[:40], ".")[1:])
        return ms

    position = 0
    while position < len(lines):
        if not text[slice(*lines[position])].strip():
            position += 1
            continue
        first = position
        while position < len(lines) and text[slice(*lines[position])].strip():
            position += 1
            if position < len(lines) and _TIMINGS.fullmatch(text, *lines[position]):
                faults.add("no-blank-line", *lines[position])
                break
        match = _TIMINGS.fullmatch(text, *lines[first])
        if match is None:
            faults.add("sbv-no-times", *lines[first], found=text[slice(*lines[first])].strip()[:40])
            unread.append(payload_text(source, lines[first:position], f"line {first + 1}"))
            continue
        start, end = (time(match, group) for group in (1, 2))
        number = len(cues) + 1
        is_read = start is not None and end is not None
        words = payload_text(source, lines[first + 1 : position], f"cue {number}" if is_read else f"line {first + 1}")
        if start is None or end is None:
            if words.value:
                unread.append(words)
            continue
        if end <= start:
            faults.add("ends-first", *match.span(2), begins=written_time(start), ends=written_time(end))
        shown = shown_lines(_BREAK.sub("\n", words.value))
        payload = words if words.value else Text("", source, words.field, *lines[first])
        cues.append(Cue(number, start, end, payload, shown))
    return Captions("sbv", source, tuple(cues), tuple(unread), faults(), faults.counts)
