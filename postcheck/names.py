"""Names of files and folders that every system takes, Windows among them."""

from __future__ import annotations

import re
from unicodedata import normalize

_OTHERS = re.compile(r"[^\w.-]+")
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\.|\Z)", re.IGNORECASE)
"""Windows takes these for devices, whatever the ending
(https://learn.microsoft.com/windows/win32/fileio/naming-a-file)."""
_MOST = 80
"""Characters: a path of four such names stays below the 260 that Windows takes where nothing is set."""
_ENDINGS = re.compile(r"(?:\.[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,4})?)?\.\w{1,5}\Z", re.ASCII)


def safe_name(name: str, otherwise: str = "file") -> str:
    """Letters, figures, hyphens, dots and underscores; the ending, and a language before it, stay where it is long."""
    name = _OTHERS.sub("-", normalize("NFC", name)).strip("-. ")
    ending = match[0] if (match := _ENDINGS.search(name)) else ""
    stem = name[: len(name) - len(ending)][: _MOST - len(ending)].strip("-. ") or otherwise
    name = f"{stem}{ending}"
    return f"_{name}" if _RESERVED.match(name) else name


def slug(words: str, otherwise: str) -> str:
    """`words` as a part of a name, in small letters and without dots."""
    return safe_name(re.sub(r"[\W_]+", "-", words.casefold()).strip("-")[:40], otherwise)


class Names:
    """Of one folder: no two are the same, also where large and small letters are."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def take(self, name: str) -> str:
        """`name`, or with a number before its ending: `crew-2.jpg`."""
        ending = match[0] if (match := _ENDINGS.search(name)) else ""
        stem, number, free = name[: len(name) - len(ending)], 1, name
        while free.casefold() in self._taken:
            number += 1
            free = f"{stem}-{number}{ending}"
        self._taken.add(free.casefold())
        return free
