"""What is said in a cue, beside labels and sounds; and the language that a captions file's name tells."""

from __future__ import annotations

import re

from postcheck.analysis.cues import Captions, Cue

_SOUND = re.compile(r"\[[^\[\]]*\]|\([^()\d]{1,80}\)|[♪♫♬#](?=\s|\Z)|[♪♫♬]")
_SPEAKER = re.compile(
    r"^(?:[-–—‐>»]+\s*)?(?:[A-Z][A-Z0-9.'’#& -]{1,40}|(?:[A-Z][\w.'’-]{0,20}[ ]){0,2}[A-Z][\w.'’-]{1,20}):(?=\s|$)\s*"
)
_DASH = re.compile(r"^(?:[-–—‐]+|[>»]+)\s*")
_IS_SOUND = re.compile(r"\[[^\[\]]*\w[^\[\]]*\]|\([^()\d]{2,80}\)|[♪♫♬]")


def spoken(cue: Cue) -> tuple[str, ...]:
    """The words that are read, by line: without labels of speakers, sounds in brackets, notes and dashes."""
    lines = []
    for line in cue.lines:
        words = _SPEAKER.sub("", _SOUND.sub(" ", line).strip())
        words = " ".join(_DASH.sub("", words).split())
        if any(char.isalnum() for char in words):
            lines.append(words)
    return tuple(lines)


def has_sound(cue: Cue) -> bool:
    """Does it tell of a sound: [applause], (laughter), ♪?"""
    return any(_IS_SOUND.search(line) for line in cue.lines)


_CODE = r"([A-Za-z]{2,3})(?:[-_]([A-Za-z]{2}|[A-Za-z]{4}|\d{3}))?"
_IN_NAME = re.compile(rf"(?:\.|[._-](?:captions?|subtitles?|subs?|cc)[._-]){_CODE}\.[A-Za-z]+\Z", re.IGNORECASE)


def language_in_name(name: str) -> tuple[str, str]:
    """`es` and `MX` of clip.es_MX.srt and clip-captions-es-MX.vtt; each "" where the name does not tell."""
    match = _IN_NAME.search(name)
    if match is None:
        return "", ""
    return match[1].lower(), (match[2] or "").upper()


_KINDS = ("chapters", "descriptions", "metadata", "subtitles")
_KIND_IN_NAME = re.compile(
    r"[._-](?:(chapters)|(descriptions?)|(meta|metadata)|(subtitles?))(?:[._-][A-Za-z]{2,3}(?:[-_][A-Za-z]{2,4})?)?\.[A-Za-z]+\Z",
    re.IGNORECASE,
)


def kind_of(name: str, read: Captions) -> str:
    """chapters, descriptions, metadata, subtitles (of another language), or captions, where the file does not say."""
    if read.kind in _KINDS:
        return read.kind
    match = _KIND_IN_NAME.search(name)
    return _KINDS[(match.lastindex or 1) - 1] if match else "captions"
