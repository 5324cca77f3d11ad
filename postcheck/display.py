"""Words of a draft made fit for a terminal: they must not move the cursor, hide a finding or forge a line."""

from __future__ import annotations

import unicodedata

_JOINERS = frozenset("\u200c\u200d")
"""Invisible, and needed: they make one emoji of several, and shape Persian and Indic words."""


def visible(text: str) -> str:
    """Control, direction and other invisible characters as escapes. Line ends stay."""
    if text.isprintable() or text.replace("\n", "").isprintable():  # nothing printable is escaped
        return text
    return "".join(char if char == "\n" or _is_harmless(char) else _escape(char) for char in text)


def visible_line(text: str) -> str:
    """As `visible`, for what must stay on one line: paths and names of files."""
    return visible(text).replace("\n", "\\n")


def printable_path(path: str) -> str:
    """A path that any output can hold: bytes that are no UTF-8 are written as escapes."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _is_harmless(char: str) -> bool:
    category = unicodedata.category(char)
    if category in ("Cc", "Cs", "Zl", "Zp"):
        return False
    # The tags that spell a flag (U+E0020 to U+E007F) are format characters too.
    return category != "Cf" or char in _JOINERS or "\U000e0020" <= char <= "\U000e007f"


def _escape(char: str) -> str:
    return char.encode("unicode_escape").decode("ascii")
