"""Captions files: WebVTT, SubRip, SubViewer and TTML, read once and shared by all that ask.

Nothing is mended silently. What cannot be read says why; what is read with faults carries each of them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any

from postcheck.analysis.cues import Captions, Cue, Fault
from postcheck.errors import CannotTest
from postcheck.model import Asset
from postcheck.source import Source, Text

FORMATS = {".vtt": "vtt", ".srt": "srt", ".sbv": "sbv", ".ttml": "ttml", ".dfxp": "ttml"}
TITLES = {"vtt": "WebVTT", "srt": "SubRip", "sbv": "SubViewer", "ttml": "TTML"}
_MODULES = {"vtt": "webvtt", "srt": "srt", "sbv": "sbv", "ttml": "ttml"}
"""Of this package; each imported when the first file of its format is read."""
MOST_BYTES = 4_000_000
"""Captions of ten hours, with a time for each word, have fewer."""

_SIGNATURE = re.compile("\ufeff?WEBVTT(?![^ \t\r\n])")
_TT = re.compile(r"<(?:\w+:)?tt[\s>/]")
_SRT = re.compile(r"^[ \t]*\d+:\d\d:\d\d,\d{1,3}[ \t]*-->", re.MULTILINE | re.ASCII)
_SBV = re.compile(r"\s*\d+:\d\d:\d\d\.\d{3},\d+:\d\d:\d\d\.\d{3}[ \t]*(?:\r|\n)", re.ASCII)


def captions(asset: Asset, texts: Mapping[Path, str]) -> Captions:
    """What the file holds. `texts` stand in for files, as in `Context`.

    Raises:
        CannotTest: the file cannot be read, is empty, too large or not UTF-8, or is of another format.
    """
    if asset.path.suffix.lower() not in FORMATS:
        raise CannotTest(f"{asset.name}: of captions files {', '.join(FORMATS)} are read. Save it as one of them.")
    given = texts.get(asset.path.resolve()) if texts else None
    if given is not None:
        return _parsed(asset.name, asset.path, given)
    try:
        status = asset.path.stat()
        if status.st_size > MOST_BYTES:
            raise CannotTest(f"{asset.name} has more than {MOST_BYTES // 1_000_000} MB: no captions are so long.")
        text = _text(asset.path, status.st_size, status.st_mtime_ns)
    except OSError as error:
        raise CannotTest(f"{asset.name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CannotTest(f"{asset.name} is not UTF-8: save it again as UTF-8.") from None
    return _parsed(asset.name, asset.path, text)


def cues(asset: Asset, texts: Mapping[Path, str]) -> tuple[Text, ...]:
    """The words of every cue, and those that lost their times, as they stand in the file, tags included.

    Raises:
        CannotTest: as for `captions`.
    """
    return captions(asset, texts).texts()


@lru_cache(maxsize=8)
def _text(path: Path, _size: int, _modified: int) -> str:
    content = path.read_bytes()
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content[:2]:
        raise UnicodeDecodeError("utf-8", b"", 0, 1, "UTF-16 or UTF-32")
    return content.decode("utf-8")


def _module(name: str) -> Any:
    return import_module(f"postcheck.analysis.{_MODULES[name]}")


def _parse(name: str, source: Source) -> Captions:
    read: Captions = _module(name).parse(source)
    return read


@lru_cache(maxsize=8)
def _parsed(name: str, path: Path, text: str) -> Captions:
    if not text.strip("\ufeff \t\r\n"):
        raise CannotTest(f"{name} is empty.")
    stated = FORMATS[path.suffix.lower()]
    found = format_of(text) or stated
    read = _parse(found, Source(name, text, path))
    if found == stated:
        return read
    # One fault, for all others may come of it: which of the two is meant, the name or the content?
    data = {"found": TITLES[found], "ending": f".{found}", "stated": TITLES[stated]}
    start = 1 if text.startswith("\ufeff") else 0
    fault = Fault("other-format", start, start + 1, forgiven=False, data=data)
    return replace(read, faults=(fault,), counts={False: 1, True: 0})


def format_of(text: str) -> str:
    """By its content; "" where that leaves it open."""
    if _SIGNATURE.match(text):
        return "vtt"
    start = text[:5000].lstrip("\ufeff \t\r\n")
    if start.startswith("<") and _TT.search(start):
        return "ttml"
    if _SRT.search(text):
        return "srt"
    return "sbv" if _SBV.match(text.lstrip("\ufeff")) else ""


def rewritten(read: Captions, wanted: str) -> str | None:
    """The cues as a file of the format `wanted` (vtt or srt); None where that would lose more than the look of them.

    What is written is read again: every cue must have the same times and words.
    """
    if read.counts[False] or read.unread or not read.cues or any(cue.speaker for cue in read.cues):
        return None
    text = str(_module(wanted).write(read.cues))
    again = _parse(wanted, Source("", text))
    is_same = [_shown(cue) for cue in again.cues] == [_shown(cue) for cue in read.cues]
    return text if is_same and not again.faults and not again.unread else None


def _shown(cue: Cue) -> tuple[int, int, tuple[str, ...]]:
    return cue.start_ms, cue.end_ms, cue.lines
