"""What a captions file holds, whatever its format: cues, and everything that is wrong with how it is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from postcheck.source import Source, Text, plain_line_ends

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_MOST_KEPT = 1_000
"""Faults of each weight. More are counted: nobody reads them, and a large file could hold millions."""


@dataclass(frozen=True, slots=True)
class Cue:
    """Words, and when they are shown. Times are whole milliseconds, so that two that are written alike are the same."""

    number: int
    """From 1, in the order of the file."""
    start_ms: int
    end_ms: int
    payload: Text
    """As it stands in the file, tags included."""
    lines: tuple[str, ...]
    """The words as they are shown: without tags, escapes resolved, no empty lines."""
    speaker: str = ""
    """Where the file marks one."""
    settings: str = ""
    """Where and how the cue is placed on the picture, as written."""
    identifier: str = ""
    inner_times: int = 0
    """Times within the payload, as in captions that appear word by word."""

    @property
    def start(self) -> float:
        """Seconds."""
        return self.start_ms / 1000

    @property
    def end(self) -> float:
        """Seconds."""
        return self.end_ms / 1000

    @property
    def duration(self) -> float:
        """Seconds; negative where the cue ends before it starts."""
        return (self.end_ms - self.start_ms) / 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that the format does not allow, as a span of the file in code points."""

    kind: str
    """A key of the tables of words in `detectors.caption_faults`."""
    start: int
    end: int
    forgiven: bool
    """Players read the file all the same, and common tools write it so."""
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Captions:
    """A captions file that could be read, at least in part."""

    format: str
    """vtt, srt, sbv or ttml: what it is, not what its name says."""
    source: Source
    cues: tuple[Cue, ...]
    unread: tuple[Text, ...]
    """Words that no player will show, since their times are missing or cannot be read."""
    faults: tuple[Fault, ...]
    counts: Mapping[bool, int]
    """How many faults there are in all, by `forgiven`."""
    language: str = ""
    """What the file says of itself, as written."""
    kind: str = ""
    """What a WebVTT header says that it holds: captions, subtitles, chapters, descriptions, metadata."""

    def texts(self) -> tuple[Text, ...]:
        """All words, in the order of the file."""
        found = [cue.payload for cue in self.cues if cue.payload.value] + list(self.unread)
        return tuple(sorted(found, key=lambda text: text.start))


class Faults:
    """Collects what is found."""

    def __init__(self) -> None:
        self.kept: list[Fault] = []
        self.counts = {False: 0, True: 0}

    def add(self, kind: str, start: int, end: int, /, **data: str) -> None:
        self._add(kind, start, end, data, forgiven=False)

    def forgive(self, kind: str, start: int, end: int, /, **data: str) -> None:
        """One that players forgive."""
        self._add(kind, start, end, data, forgiven=True)

    def _add(self, kind: str, start: int, end: int, data: Mapping[str, str], *, forgiven: bool) -> None:
        self.counts[forgiven] += 1
        if self.counts[forgiven] <= _MOST_KEPT:
            self.kept.append(Fault(kind, start, max(end, start), forgiven, data))

    @property
    def are_many(self) -> bool:
        """So many that a further one is only counted."""
        return max(self.counts.values()) >= _MOST_KEPT

    def __call__(self) -> tuple[Fault, ...]:
        """In the order of the file."""
        return tuple(sorted(self.kept, key=lambda fault: fault.start))


def split_lines(text: str, begin: int = 0) -> list[tuple[int, int]]:
    """Start and end of each line, without what ends it. After a last line end there is no further line."""
    spans = []
    for match in _LINE.finditer(text, begin):
        start, end = match.span()
        if start == end:
            break
        while end > start and text[end - 1] in "\r\n":
            end -= 1
        spans.append((start, end))
    return spans


def payload_text(source: Source, spans: list[tuple[int, int]], name: str) -> Text:
    """The text over these lines, without white space at its end."""
    if not spans:
        return Text("", source, name, 0, 0)
    start = spans[0][0]
    raw = source.text[start : spans[-1][1]].rstrip()
    return Text(plain_line_ends(raw), source, name, start, start + len(raw))


def shown_lines(words: str) -> tuple[str, ...]:
    """The lines as a player shows them."""
    return tuple(line for part in words.split("\n") if (line := " ".join(part.split())))


def milliseconds(hours: str | None, minutes: str, seconds: str, fraction: str) -> int | None:
    """None where it is no time: minutes or seconds above 59, or more digits than any file has."""
    if len(hours or "") > 6 or int(minutes) > 59 or int(seconds) > 59:
        return None
    return ((int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)) * 1000 + int(f"{fraction[:3]:<03}")


def written_time(ms: int, mark: str = ".", *, hour_digits: int = 2) -> str:
    """00:01:02.500, with `mark` before the milliseconds."""
    seconds, ms = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:0{hour_digits}}:{minutes:02}:{seconds:02}{mark}{ms:03}"


_MEANT = re.compile(r"(?:(\d{1,4})[:.;,])?(\d{1,2})[:.;,](\d{1,2})(?:[.,:;](\d{1,3}))?")


def meant_time(found: str, mark: str) -> str:
    """How the time that somebody most likely meant is written; "" where nobody can know."""
    match = _MEANT.fullmatch(found.strip())
    if match is None:
        return ""
    ms = milliseconds(match[1], match[2], match[3], match[4] or "0")
    return "" if ms is None else written_time(ms, mark)
