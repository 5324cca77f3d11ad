"""The words of captions files (WebVTT, SRT), each cue with its place in the file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from postcheck.errors import CannotTest
from postcheck.model import Asset
from postcheck.source import Source, Text, plain_line_ends

_CUE = re.compile(
    r"^[^\r\n]*-->[^\r\n]*(?:\r\n|\r|\n)(?P<words>(?:(?![ \t]*(?:\r|\n|\Z))(?![^\r\n]*-->)[^\r\n]*(?:\r\n|\r|\n|\Z))+)",
    re.MULTILINE,
)
_READ = (".vtt", ".srt")


def cues(asset: Asset, texts: Mapping[Path, str]) -> tuple[Text, ...]:
    """The payload of every cue. Tags are left in it. `texts` stand in for files, as in `Context`.

    Raises:
        CannotTest: the file cannot be read, is not UTF-8, or is of another format.
    """
    if asset.path.suffix.lower() not in _READ:
        raise CannotTest(
            f"{asset.name}: of captions files only {' and '.join(_READ)} are read. Save it as one of them."
        )
    given = texts.get(asset.path.resolve()) if texts else None
    if given is not None:
        return _in(Source(asset.name, given, asset.path))
    try:
        status = asset.path.stat()
        return _read(asset.name, asset.path, status.st_size, status.st_mtime_ns)
    except OSError as error:
        raise CannotTest(f"{asset.name} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise CannotTest(f"{asset.name} is not UTF-8: save it again as UTF-8.") from None


@lru_cache(maxsize=32)
def _read(name: str, path: Path, _size: int, _modified: int) -> tuple[Text, ...]:
    return _in(Source(name, path.read_bytes().decode("utf-8"), path))


def _in(source: Source) -> tuple[Text, ...]:
    found = []
    for number, match in enumerate(_CUE.finditer(source.text), 1):
        raw = match["words"].rstrip()
        start = match.start("words")
        found.append(Text(plain_line_ends(raw), source, f"cue {number}", start, start + len(raw)))
    return tuple(found)
