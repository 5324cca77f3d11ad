"""Where a finding lies on disk, as other programs want to hear it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import quote

from postcheck.source import Location

_ROW = re.compile(r"#row=\d+(?=/|$)")
_ACCOUNT = re.compile(r"(?:^|[/.])account\.ya?ml$", re.IGNORECASE)
_ZIP = re.compile(r"^(.*?\.zip)(?:/(.*))?$", re.IGNORECASE | re.DOTALL)
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class File:
    """`path` as the person named it who started postcheck. In a zip it is the zip: that is what is there to be opened;
    `inside` is the file in it, else ""."""

    path: str
    inside: str = ""


@lru_cache(maxsize=4096)
def file_of(draft: str, asset: str | None) -> File:
    """The file `asset` of the draft with this path; the draft itself where there is none."""
    row = _ROW.search(draft)
    if row:
        whole = draft[: row.start()]
        path = whole if asset is None else _beside(whole, asset)
    elif asset is not None and _ACCOUNT.search(draft):
        path = _beside(draft, asset)
    else:
        path = draft if asset is None else f"{draft}/{asset}"
    return on_disk(path)


def on_disk(path: str) -> File:
    """A path of a report: in a zip, or with the number of a row, it is no file."""
    row = _ROW.search(path)
    path = path[: row.start()] if row else path
    zipped = _ZIP.match(path)
    return File(zipped[1], zipped[2] or "") if zipped else File(path)


def _beside(path: str, asset: str) -> str:
    folder, slash, _ = path.rpartition("/")
    return f"{folder}{slash}{asset}"


@lru_cache(maxsize=4096)
def uri(path: str) -> str:
    """Of a path with forward slashes, relative where the path is. What no URI can hold is percent-encoded in UTF-8."""
    encoded = quote(path.encode("utf-8", "backslashreplace"), safe="/")
    if re.match(r"[A-Za-z]:/", path):
        return f"file:///{path[:2]}{encoded[4:]}"
    if path.startswith("//"):  # a share of Windows
        return f"file:{encoded}"
    return f"file://{encoded}" if path.startswith("/") else encoded


def end_of(place: Location) -> tuple[int, int]:
    """Line and column, from 1, of what follows the last character of a place that has a line. Of words whose name is
    hidden in the report the length alone is known, and names have no line end."""
    line, column = place.line or 1, place.column or 1
    length = place.span[1] - place.span[0] if place.span else len(place.quote or "")
    if place.quote is None or len(place.quote) != length:
        return line, column + length
    return after(line, column, place.quote)


def after(line: int, column: int, text: str) -> tuple[int, int]:
    """Line and column of what follows `text`, which begins at these."""
    ends = list(_LINE_END.finditer(text))
    return (line + len(ends), len(text) - ends[-1].end() + 1) if ends else (line, column + len(text))
